import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPInspectionTests {
    @Test func `what is there is seen, and nothing is left behind`() async throws {
        try await BrokerCase.run { broker in
            try await broker.host.makeExchange("events")
            try await broker.host.makeQueue("q")
            try await broker.publish(["a", "b"], to: "", key: "q")
            try await AMQPInspection.withInspection(of: broker.settings()) { inspection in
                #expect(inspection.server.product == "RabbitMQ")
                #expect(inspection.server.version.contains("."))
                #expect(try await inspection.exchangeExists("events"))
                #expect(try await !inspection.exchangeExists("nothing"))
                #expect(try await inspection.exchange("events", is: "topic", isDurable: true) == .same)
                #expect(try await inspection.exchange("nothing", is: "topic", isDurable: true) == nil)
                let other = try await inspection.exchange("events", is: "fanout", isDurable: true)
                #expect(other != .same)
                #expect(try await inspection.queue("q")?.messages == 2)
                #expect(try await inspection.queue("nothing") == nil)
                let time = try await inspection.roundTrip()
                #expect(time > .zero)
            }
            #expect(try await broker.host.queueNames() == ["q"])
        }
    }

    @Test func `who may not declare is told that it is unknown`() async throws {
        try await BrokerCase.run { broker in
            let user = "reader-\(broker.host.name)"
            try await broker.host.makeUser(user, password: "right")
            try await broker.host.allow(user: user, configure: "^$")
            try await broker.host.makeExchange("events")
            var settings = try broker.settings()
            settings.hosts[0].username = user
            settings.hosts[0].password = "right"
            try await AMQPInspection.withInspection(of: settings) { inspection in
                let match = try await inspection.exchange("events", is: "topic", isDurable: true)
                guard case .unknown(let words) = match else {
                    Issue.record("It was \(String(describing: match)).")
                    return
                }
                #expect(words.contains("access"))
            }
            try await broker.host.removeUser(user)
        }
    }
}
