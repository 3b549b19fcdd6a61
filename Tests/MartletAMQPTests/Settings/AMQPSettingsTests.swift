import MartletPipeline
import Testing

@testable import MartletAMQP

@Suite struct AMQPSettingsTests {
    private struct Case: CustomTestStringConvertible, Sendable {
        var url: String
        var place: String
        var username = "guest"
        var password = "guest"

        var testDescription: String { url }
    }

    private static let addresses = [
        Case(url: "amqp://mq1", place: "amqp://mq1:5672/"),
        Case(url: "amqp://mq1/", place: "amqp://mq1:5672/"),
        Case(url: "AMQP://mq1:1234/%2F", place: "amqp://mq1:1234/"),
        Case(url: "amqps://mq1/cloud", place: "amqps://mq1:5671/cloud"),
        Case(url: "amqp://u:p@mq1/a%2Fb", place: "amqp://mq1:5672/a%2Fb", username: "u", password: "p"),
        Case(
            url: "amqp://u%40x:p%3A%2F%C3%A4@[::1]:99/v",
            place: "amqp://[::1]:99/v",
            username: "u@x",
            password: "p:/ä"
        ),
        Case(
            url: "rabbit://u:p@mq1:5672,v:q@mq2:5673/",
            place: "amqp://mq1:5672,mq2:5673/",
            username: "u",
            password: "p"
        ),
        Case(url: "rabbit://u:p@mq1,mq2/?ssl=1", place: "amqps://mq1:5672,mq2:5672/", username: "u", password: "p"),
    ]

    @Test(arguments: addresses)
    private func `an address is read as RabbitMQ and oslo.messaging write it`(_ expected: Case) throws {
        let settings = try AMQPSettings(url: expected.url)
        #expect(settings.place == expected.place)
        #expect(settings.hosts.first?.username == expected.username)
        #expect(settings.hosts.first?.password == expected.password)
        #expect(settings.warnings.isEmpty)
    }

    @Test func `each host has its own credentials, or those of the one before`() throws {
        let settings = try AMQPSettings(url: "rabbit://u:p@mq1,mq2,v:q@mq3/")
        #expect(settings.hosts.map(\.username) == ["u", "u", "v"])
        #expect(settings.hosts.map(\.password) == ["p", "p", "q"])
    }

    @Test(arguments: [
        "mq1:5672", "http://mq1/", "amqp://", "amqp://:5672", "amqp://mq1:0", "amqp://mq1:x", "amqp://u:secret@mq1/a/b",
        "amqp://u:sec%zzret@mq1/", "amqp://u:secret@mq1/%FF", "amqp://u:secret@[::1/", "amqp://u:se cret@mq1/",
        "amqp://u:secret#@mq1/", "amqp://mq1/?heartbeat=secret", "amqp://mq1/?verify=perhaps", "amqps://mq1/?ssl=maybe",
        "amqp://mq1/?auth_mechanism=secret", "amqp://mq1/?heartbeat=0", "amqp://mq1/?auth_mechanism=external",
    ])
    func `what is no address is an error that names the field and quotes no password`(_ url: String) throws {
        let error = #expect(throws: ComponentError.self) { try AMQPSettings(url: url) }
        #expect(error?.field != nil)
        #expect(error?.description.contains("cret") == false)
    }

    @Test func `fields say what the address leaves open`() throws {
        let settings = try AMQPSettings(
            ComponentSettings([
                "url": .strings(["amqp://mq1", "amqp://other:theirs@mq2"]), "username": .string("martlet"),
                "password": .string("secret"), "vhost": .string("cloud"), "tls": .boolean(true),
                "ca-file": .string("/ca.pem"), "certificate-file": .string("/c.pem"), "key-file": .string("/k.pem"),
                "sasl": .string("external"), "heartbeat": .duration(.seconds(5)),
                "connect-timeout": .duration(.seconds(2)),
            ])
        )
        #expect(settings.place == "amqps://mq1:5671,mq2:5671/cloud")
        #expect(settings.hosts.map(\.username) == ["martlet", "other"])
        #expect(settings.hosts.map(\.password) == ["secret", "theirs"])
        #expect(settings.tls?.certificateAuthority == "/ca.pem")
        #expect(settings.tls?.isVerifying == true)
        #expect(settings.mechanism == .external)
        #expect(settings.heartbeat == .seconds(5))
        #expect(settings.connectTimeout == .seconds(2))
    }

    @Test func `the parameters of RabbitMQ and of oslo are understood, others are named in a warning`() throws {
        let query = "cacertfile=/ca.pem&verify=verify_none&heartbeat=7&connection_timeout=1500&rabbit_retry=3"
        let settings = try AMQPSettings(url: "amqps://mq1/?\(query)")
        #expect(settings.tls?.certificateAuthority == "/ca.pem")
        #expect(settings.tls?.isVerifying == false)
        #expect(settings.heartbeat == .seconds(7))
        #expect(settings.connectTimeout == .milliseconds(1_500))
        #expect(settings.warnings.map(\.field) == ["url", "verify"])
        #expect(settings.warnings.first?.text.contains("rabbit_retry") == true)
    }

    private struct Contradiction: CustomTestStringConvertible, Sendable {
        var fields: [String: ComponentSettings.Value]
        var blamed: String

        var testDescription: String { "\(blamed): \(fields.keys.sorted())" }
    }

    private static let contradictions = [
        Contradiction(fields: [:], blamed: "url"),
        Contradiction(fields: ["url": .strings(["amqp://mq1/a", "amqp://mq2/b"])], blamed: "url"),
        Contradiction(fields: ["url": .strings(["amqps://mq1", "amqp://mq2?ssl=0"])], blamed: "url"),
        Contradiction(fields: ["url": .string("amqps://mq1"), "tls": .boolean(false)], blamed: "tls"),
        Contradiction(fields: ["url": .string("amqp://mq1"), "ca-file": .string("/ca.pem")], blamed: "ca-file"),
        Contradiction(fields: ["url": .string("amqps://mq1"), "key-file": .string("/k")], blamed: "certificate-file"),
        Contradiction(fields: ["url": .string("amqps://mq1"), "sasl": .string("external")], blamed: "sasl"),
        Contradiction(fields: ["url": .string("amqp://mq1"), "heartbeat": .duration(.zero)], blamed: "heartbeat"),
        Contradiction(
            fields: ["url": .string("amqp://mq1"), "connect-timeout": .duration(.zero)],
            blamed: "connect-timeout"
        ),
        Contradiction(fields: ["url": .string("amqp://mq1"), "vhost": .string("")], blamed: "vhost"),
    ]

    @Test(arguments: contradictions)
    private func `what contradicts itself is an error at its field`(_ contradiction: Contradiction) throws {
        let error = #expect(throws: ComponentError.self) {
            try AMQPSettings(ComponentSettings(contradiction.fields))
        }
        #expect(error?.field == contradiction.blamed)
    }
}
