import Testing

@testable import MartletCommands

struct MartletSourceTests {
    @Test(arguments: ["kafka", "rabbitmq", "webhook"])
    func `the piece of martlet yaml is one that martlet check accepts`(word: String) async throws {
        let folder = try TemporaryFolder()
        let secret = try folder.file("secret", "s3cret\n")
        let target: SetupTarget =
            switch word {
            case "kafka":
                .kafka(KafkaTarget(bootstrap: try #require(HostPort.list("k1,k2", defaultPort: 9092)), topic: "cs"))
            case "rabbitmq":
                .rabbitMQ(
                    RabbitMQTarget(
                        address: try #require(HostPort("mq", defaultPort: 5671)),
                        virtualHost: "cloud/1",
                        exchange: "cloudstack-events",
                        username: "cloudstack",
                        password: "not in there",
                        usesTLS: true
                    )
                )
            default:
                .webhook(WebhookTarget(url: "https://m", secret: "not in there", secretFile: secret, name: "martlet"))
            }
        let text = MartletSource(name: "prod", target: target).lines.joined(separator: "\n")
        #expect(!text.contains("not in there"))
        let file = try folder.file("martlet.yaml", text.replacing(MartletSource.passwordFile, with: secret) + "\n")
        let run = try await run("check", file)
        #expect(run.errors == "")
        #expect(run.failure == nil)
    }
}
