import Foundation
import MartletJSON
import MartletTesting
import Testing

/// The real binary between a real RabbitMQ and clients that know nothing of it.
@Suite(.enabled(if: RabbitMQClient.isInstalled, Comment(rawValue: RabbitMQClient.absenceReason)))
struct RabbitMQTests {
    /// Runs a body with a virtual host that has CloudStack's exchange and one to forward to.
    static func withBroker(_ body: (RabbitMQVirtualHost) async throws -> Void) async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange("cloudstack-events")
            try await host.makeExchange("martlet")
            try await body(host)
        }
    }

    /// A source of CloudStack's events, and a forwarder to the exchange `martlet`.
    static func configuration(in url: String, out: String? = nil, body: String = "event", sink: String = "") -> String {
        """
        sources:
          prod: { amqp: { url: "\(url)" }, format: cloudstack }
        forwarders:
          out:
            amqp: { url: "\(out ?? url)", exchange: martlet\(sink.isEmpty ? "" : ", \(sink)") }
            body: \(body)
            start: earliest
        """
    }

    /// An action on a machine, told apart by its number alone.
    static func action(_ number: Int, machine: String = CloudStackShape.machine) -> RabbitMQClient.Message {
        RabbitMQClient.Message(
            key: "management-server.ActionEvent.VM-START.VirtualMachine.\(machine)",
            body: """
                {"eventDateTime":"\(CloudStackShape.time)","status":"Started","description":"number \(number)",\
                "event":"VM.START","entity":"VirtualMachine","entityuuid":"\(machine)","user":"u","account":"a"}
                """
        )
    }

    /// The numbers of the actions in the log, in its order.
    static func numbers(_ server: Server) async throws -> [Int] {
        try await server.allEvents().compactMap { number(of: $0["data"]) }
    }

    /// The numbers of the actions that have been forwarded to a queue, taken out of it.
    static func collect(from queue: String, _ host: RabbitMQVirtualHost) async throws -> [Int] {
        try await host.take(10_000, from: queue).compactMap { message in
            number(of: try JSONDocument(parsing: message["payload"]?.string ?? "").root["data"])
        }
    }

    static func number(of body: JSONValue?) -> Int? {
        body?["description"]?.string.flatMap { Int($0.dropFirst("number ".count)) }
    }

    @Test func `CloudStack's events come in with their topics and go out under them`() async throws {
        try await Self.withBroker { host in
            let machine = try await RabbitMQClient.consume(
                "*.*.*.VirtualMachine.\(CloudStackShape.machine)",
                from: "martlet",
                at: host.url
            )
            let everything = try await RabbitMQClient.consume("#", from: "martlet", at: host.url)
            let server = try await Server(configuration: Self.configuration(in: host.url))
            try await eventually("the source runs") { try await server.source("prod")["state"]?.string == "running" }
            let shapes = CloudStackShape.all.filter { $0.topic != nil }
            try await RabbitMQClient.publish(
                shapes.map { RabbitMQClient.Message(key: $0.topic ?? "", body: $0.body) },
                to: "cloudstack-events",
                at: host.url
            )
            try await eventually("all are forwarded") { try everything.messages.count == shapes.count }
            let events = try await server.allEvents()
            for (shape, event) in zip(shapes, events) {
                // All but the source, which names the cloud.
                for (name, value) in shape.expected where name != "source" {
                    let text = event[name]?.string ?? event[name]?.boolean.map { "\($0)" }
                    #expect(text == value, "\(shape.name): \(name)")
                }
            }
            #expect(try everything.messages.map { $0["key"]?.string } == events.map { $0["topic"]?.string })
            let wanted = events.filter {
                $0["topic"]?.string?.hasSuffix("VirtualMachine.\(CloudStackShape.machine)") == true
            }
            try await eventually("the pattern gets its machine") { try machine.messages.count == wanted.count }
            let first = try #require(try machine.messages.first)
            #expect(first["delivery_mode"]?.integer == 2)
            #expect(first["content_type"]?.string?.hasPrefix("application/cloudevents+json") == true)
            let body = try JSONDocument(parsing: first["body"]?.string ?? "").root
            #expect(body["specversion"]?.string == "1.0")
            try await eventually("nothing is left in the queue") {
                try await server.source("prod")["backlog"]?.integer == 0
            }
            #expect(server.stop() == 0)
        }
    }

    @Test func `original and routing-key original relay what CloudStack sent, to the byte`() async throws {
        try await Self.withBroker { host in
            let consumer = try await RabbitMQClient.consume("#", from: "martlet", at: host.url)
            let server = try await Server(
                configuration: Self.configuration(in: host.url, body: "original", sink: "routing-key: original")
            )
            try await eventually("the source runs") { try await server.source("prod")["state"]?.string == "running" }
            let long = "management-server.UsageEvent.VM-START.com-cloud-vm-VirtualMachine.\(CloudStackShape.machine)"
            let messages = [
                Self.action(1),
                RabbitMQClient.Message(key: long, body: #"{"a" : 1,  "event":"VM.START"}"#),
                RabbitMQClient.Message(key: "two.words", body: #"{"status":"Completed","event":"X.Y","user":"u"}"#),
                RabbitMQClient.Message(key: "one.two.three.four.five.six", body: #"{"k":"v"}"#),
            ]
            try await RabbitMQClient.publish(messages, to: "cloudstack-events", at: host.url)
            try await eventually("all are relayed") { try consumer.messages.count == messages.count }
            #expect(try consumer.messages.map { $0["key"]?.string } == messages.map(\.key))
            #expect(try consumer.messages.map { $0["body"]?.string } == messages.map(\.body))
        }
    }

    @Test func `what cannot be read is quarantined, acknowledged, and costs nobody else`() async throws {
        try await Self.withBroker { host in
            let server = try await Server(configuration: Self.configuration(in: host.url))
            try await eventually("the source runs") { try await server.source("prod")["state"]?.string == "running" }
            let garbage = RabbitMQClient.Message(key: "a.b.c.d.e", body: "{\"cut off\": ")
            try await RabbitMQClient.publish(
                [Self.action(1), garbage, Self.action(2)],
                to: "cloudstack-events",
                at: host.url
            )
            try await eventually("two are stored and one is quarantined") {
                let source = try await server.source("prod")
                return source["accepted"]?.integer == 2 && source["quarantined"]?.integer == 1
            }
            let item = try await server.get("/v1/quarantine?source=prod").json["items"]?[0]
            #expect(item?["routingkey"]?.string == "a.b.c.d.e")
            try await eventually("nothing is left in the queue") {
                try await host.queues().allSatisfy { $0["messages"]?.integer == 0 }
            }
        }
    }

    @Test func `kill -9 between commit and acknowledgement stores each event once`() async throws {
        try await Self.withBroker { host in
            let directory = try ScratchDirectory.make()
            let proxy = try FaultProxy(target: host.server.port)
            let configuration = Self.configuration(in: host.url(port: proxy.port), out: host.url)
            var server = try await Server(in: directory, configuration: configuration)
            try await eventually("the source runs") { try await server.source("prod")["state"]?.string == "running" }
            // Twins with the same content: two events, told apart by nothing.
            try await RabbitMQClient.publish((0..<5).map { Self.action($0) }, to: "cloudstack-events", at: host.url)
            try await eventually("the first are stored") { try await server.head() == 5 }
            try await eventually("and acknowledged") {
                try await host.queues().allSatisfy { $0["messages"]?.integer == 0 }
            }
            // From now on no acknowledgement reaches the broker.
            proxy.freeze(.toServer)
            let twins = (0..<40).map { Self.action($0 / 2) }
            try await RabbitMQClient.publish(twins, to: "cloudstack-events", at: host.url)
            try await eventually("they are stored") { try await server.head() == 45 }
            server.kill9()
            proxy.dropConnections()
            proxy.heal()

            server = try await Server(in: directory, configuration: configuration)
            try await RabbitMQClient.publish([Self.action(99)], to: "cloudstack-events", at: host.url)
            try await eventually("the next one is stored") { try await Self.numbers(server).last == 99 }
            #expect(try await Self.numbers(server) == Array(0..<5) + (0..<40).map { $0 / 2 } + [99])
            #expect(try await server.source("prod")["duplicates"]?.integer == 40)
            try await eventually("nothing is left in the queue") {
                try await host.queues().allSatisfy { $0["messages"]?.integer == 0 }
            }
            #expect(server.stop() == 0)
        }
    }
}
