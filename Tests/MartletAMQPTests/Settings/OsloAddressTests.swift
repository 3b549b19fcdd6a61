import MartletJSON
import MartletTesting
import Testing

@testable import MartletAMQP

/// oslo.messaging's `transport_url`, held against oslo.messaging itself.
@Suite struct OsloAddressTests {
    private static let urls = [
        "rabbit://u:p@h1:5672,u:p@h2:5673/", "rabbit://u:p@h1,u:p@h2/nova", "rabbit://u:p@h1//",
        "rabbit://u:p@h1//nova",
        "rabbit://u:p@h1/a/b", "rabbit://u:p@h1/a%2Fb", "rabbit://u:p@h1/%2F", "rabbit://u:p@h1", "rabbit://h1/",
        "rabbit://u:p%zz%@h1/", "rabbit://u:p@ss@h1/", "rabbit://u:p%2B+q@h1/", "rabbit://u%40d:p@h1/",
        "rabbit://u:p@[::1]:5673/", "rabbit://u:p@[fe80::1],u:p@h2/", "rabbit://u:p@::1/",
        "rabbit://u:p@h1:5671/?ssl=1",
        "rabbit://u:p@h1/?ssl=True", "rabbit://u:p@h1/v?amqp_durable_queues=true&ssl_ca_file=/x.pem",
        "rabbit://u:p@h1/?rabbit_quorum_queue=1&heartbeat_timeout_threshold=0&rabbit_retry_interval=2",
        "rabbit://u:p@h1/?amqp_auto_delete=1", "kombu://u:p@h1/", "kombu+amqp://u:p@h1/", "kombu+pyamqp://u:p@h1/v",
        "rabbit://,u:p@h2/", "rabbit://u:p@h1/v1%20x",
    ]

    @Test(.enabled(if: OsloPublisher.isInstalled, "\(OsloPublisher.absenceReason)"))
    func `a transport_url leads where oslo.messaging takes it`() async throws {
        let answers = try await OsloPublisher.read(transportURLs: Self.urls)
        #expect(answers.count == Self.urls.count)
        for (url, answer) in zip(Self.urls, answers) {
            let theirs = try JSONDocument(parsing: Array(answer.utf8)).root
            #expect(theirs["error"] == nil, "\(url): \(answer)")
            let settings = try AMQPSettings(url: url)
            let hosts = settings.hosts.map { [$0.name, "\($0.port)", $0.username, $0.password] }
            let expected = theirs["hosts"]?.elements.map { host in
                host.elements.map { $0.string ?? "\($0.integer ?? 0)" }
            }
            #expect(hosts == expected, "\(url)")
            #expect(settings.virtualHost == theirs["vhost"]?.string, "\(url)")
            #expect((settings.tls != nil) == theirs["ssl"]?.boolean, "\(url)")
            #expect((settings.publisher.isDurable ?? false) == theirs["durable"]?.boolean, "\(url)")
            #expect((settings.publisher.isAutoDelete ?? false) == theirs["auto_delete"]?.boolean, "\(url)")
            #expect(settings.warnings.isEmpty, "\(url)")
        }
    }

    @Test func `a parameter that oslo.messaging does not know is named`() throws {
        #expect(try AMQPSettings(url: "rabbit://h/?heartbeat_rate=3&nonsense=1").warnings.count == 1)
    }
}
