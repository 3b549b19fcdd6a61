import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSinkTests {
    @Test(arguments: SinkConformance.Clause.all)
    func `AMQP is a sink`(_ clause: SinkConformance.Clause) async throws {
        let conformance = SinkConformance { body in
            try await AMQPOutlet.with { outlet in
                let proxy = try FaultProxy(target: outlet.host.server.port)
                let destination = SinkConformance.Destination(
                    received: { try await outlet.ids() },
                    fail: { proxy.refuseConnections() },
                    mend: { proxy.heal() },
                    hang: { proxy.freeze() },
                    waitUntilHanging: { try await eventually("held bytes") { proxy.heldBytes > 0 } }
                )
                try await body(outlet.sink(port: proxy.port), destination)
            }
        }
        try await conformance.run(clause)
    }

    @Test func `a CloudEvent goes as JSON, persistent, under its topic`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink()
            #expect(await sink.send(.events("a")).isDelivered)
            let message = try #require(try await outlet.messages().first)
            #expect(message["routing_key"]?.string == "test.ActionEvent.conformance.VirtualMachine.a")
            #expect(message["properties"]?["content_type"]?.string == "application/cloudevents+json")
            #expect(message["properties"]?["message_id"]?.string == "a")
            #expect(message["properties"]?["delivery_mode"]?.integer == 2)
            #expect(message["payload"]?.string.map { Array($0.utf8) } == OutgoingEvent.sample("a").body)
            await sink.close()
        }
    }

    @Test func `an original leaves as it came, under the key that it came with`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink(["routing-key": .string("original"), "persistent": .boolean(false)])
            let key = "management-server.ActionEvent.VM-START.VirtualMachine.*"
            #expect(await sink.send(.original("{ \"as\" : 1 }\n", routingKey: key)).isDelivered)
            #expect(await sink.send(.original("no JSON")).isDelivered)
            let messages = try await outlet.messages()
            #expect(messages.map { $0["payload"]?.string } == ["{ \"as\" : 1 }\n", "no JSON"])
            #expect(messages.first?["routing_key"]?.string == key)
            #expect(messages.last?["routing_key"]?.string == "test.ActionEvent.conformance.VirtualMachine.a")
            let types = messages.map { $0["properties"]?["content_type"]?.string }
            #expect(types == ["application/json", "application/octet-stream"])
            #expect(messages.first?["properties"]?["delivery_mode"]?.integer == 1)
            #expect(messages.first?["properties"]?["message_id"] == nil)
            await sink.close()
        }
    }

    @Test func `a CloudEvent in binary mode is one that any reader of the binding understands`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink(["cloudevents": .string("binary"), "routing-key": .string("fixed")])
            var event = OutgoingEvent.sample("ü")
            event.body = Array(
                #"{"specversion":"1.0","id":"ü","source":"/s","type":"t","position":"5","redacted":true,"data":{"a":1}}"#
                    .utf8
            )
            #expect(await sink.send(OutgoingBatch(id: "batch", events: [event])).isDelivered)
            let message = try #require(try await outlet.messages().first)
            #expect(message["routing_key"]?.string == "fixed")
            #expect(message["payload"]?.string == #"{"a":1}"#)
            #expect(message["properties"]?["content_type"]?.string == "application/json")
            let headers = message["properties"]?["headers"]
            #expect(headers?["cloudEvents:id"]?.string == "ü")
            #expect(headers?["cloudEvents:specversion"]?.string == "1.0")
            #expect(headers?["cloudEvents:redacted"]?.boolean == true)
            await sink.close()
        }
    }

    @Test(arguments: [("drop", "delivered"), ("dead-letter", "reject"), ("retry", "retry")])
    func `what no queue takes is as the settings say`(setting: String, outcome: String) async throws {
        try await AMQPOutlet.with { outlet in
            try await outlet.host.deleteQueue("all")
            let sink = try outlet.sink(["unroutable": .string(setting)])
            let answer = await sink.send(.events("a")).outcomes.first
            #expect(answer?.name == outcome)
            #expect(outcome == "delivered" || answer?.reason?.contains("events") == true)
            await sink.close()
        }
    }

    @Test func `a queue that is full has the event tried again, and what is behind it`() async throws {
        try await AMQPOutlet.with { outlet in
            try await outlet.host.deleteQueue("all")
            let arguments = #"{"x-max-length":1,"x-overflow":"reject-publish"}"#
            try await outlet.host.makeQueue("all", arguments: arguments)
            try await outlet.host.bind("all", to: "events")
            let sink = try outlet.sink()
            #expect(await sink.send(.events("a")).isDelivered)
            let names = await sink.send(.events("b", "c")).outcomes.map(\.name)
            #expect(names == ["retry", "untried"])
            await sink.close()
        }
    }

    @Test func `a missing exchange is named, and found once it is there`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink(["exchange": .string("later")])
            let answer = await sink.send(.events("a")).outcomes.first
            #expect(answer?.name == "unavailable")
            #expect(answer?.reason?.contains("later") == true)
            try await outlet.host.makeExchange("later")
            try await outlet.host.bind("all", to: "later")
            #expect(await sink.send(.events("a")).isDelivered)
            #expect(try await outlet.ids() == ["a"])
            await sink.close()
        }
    }

    @Test func `an exchange that is deleted is made again where the settings say so`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink(["exchange": .string("own"), "declare-exchange": .boolean(true)])
            #expect(await sink.send(.events("a")).isDelivered)
            try await outlet.host.deleteExchange("own")
            #expect(await sink.send(.events("b")).outcomes.first?.name == "unavailable")
            #expect(await sink.send(.events("b")).isDelivered)
            await sink.close()
        }
    }

    @Test func `refused credentials are named without being shown`() async throws {
        try await AMQPOutlet.with { outlet in
            let url = "amqp://nobody:topsecret@127.0.0.1:\(outlet.host.server.port)/\(outlet.host.name)"
            let sink = try outlet.sink(["url": .string(url)])
            let answer = await sink.send(.events("a")).outcomes.first
            #expect(answer?.name == "unavailable")
            #expect(answer?.reason?.contains("nobody") == true)
            #expect(answer?.reason?.contains("topsecret") == false)
            await sink.close()
        }
    }

    @Test func `a connection cut in the middle of a batch loses nothing and keeps the order`() async throws {
        try await AMQPOutlet.with { outlet in
            let proxy = try FaultProxy(target: outlet.host.server.port)
            let sink = try outlet.sink(port: proxy.port)
            let ids = (1...300).map { "\($0)" }
            #expect(await sink.send(.events("0")).isDelivered)
            proxy.cut(after: 40_000, .toServer)
            var left = ids
            try await eventually("everything is delivered") {
                let outcomes = await sink.send(.events(left)).outcomes
                left.removeFirst(outcomes.prefix { $0 == .delivered }.count)
                return left.isEmpty
            }
            // Of what came more than once the last one counts: nothing was sent behind it that belongs before it.
            let received = try await outlet.ids()
            var seen: Set<String> = []
            let last = received.reversed().filter { seen.insert($0).inserted }.reversed()
            #expect(Array(last) == ["0"] + ids)
            await sink.close()
        }
    }

    @Test func `an event with attributes that AMQP cannot carry is rejected, and nothing else`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink(["cloudevents": .string("binary")])
            let long = String(repeating: "x", count: 300)
            let large = String(repeating: "x", count: 200_000)
            let attributes = [
                #""id":"b""#, #""datacontenttype":"text/\#(long)""#, #""\#(long)":1"#, #""note":"\#(large)""#,
            ]
            for attribute in attributes {
                var batch = OutgoingBatch.events("a", "b")
                batch.events[0].body = Array(#"{"specversion":"1.0",\#(attribute),"data":{}}"#.utf8)
                _ = await sink.send(batch)
                let outcome = await sink.send(OutgoingBatch(id: "batch", events: [batch.events[0]])).outcomes.first
                #expect(
                    outcome?.name == (attribute == attributes[0] ? "delivered" : "reject"),
                    "\(attribute.prefix(30))"
                )
                #expect(await sink.send(.events("c", "d")).isDelivered)
            }
            await sink.close()
        }
    }

    @Test func `a message of 100 MB is taken as it is`() async throws {
        try await AMQPOutlet.with { outlet in
            let sink = try outlet.sink()
            var event = OutgoingEvent.sample("large")
            event.form = .original
            event.body = [UInt8](repeating: 0x20, count: 100_000_000)
            #expect(await sink.send(OutgoingBatch(id: "batch", events: [event])).isDelivered)
            #expect(await sink.send(.events("next")).isDelivered)
            await sink.close()
        }
    }
}
