import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSourceTests {
    @Test(arguments: SourceConformance.Clause.all)
    func `a queue is a source`(_ clause: SourceConformance.Clause) async throws {
        let conformance = SourceConformance(features: [.resumes]) { body in
            try await SourceCase.run { source in
                try await source.declare()
                try await body(
                    SourceConformance.Transport(
                        write: { try await source.publish($0.split(separator: "\n").map(String.init)) },
                        makeSource: { source.make($0.port, $0, $0.context) }
                    )
                )
            }
        }
        try await conformance.run(clause)
    }

    @Test func `the queue is made to outlive everything, and is bound to what is there`() async throws {
        try await SourceCase.run { source in
            try await source.broker.host.makeExchange("late")
            try await source.broker.host.deleteExchange("late")
            try await SourceRig.withRig { rig in
                let made = source.make(rig.port, rig, rig.context, exchanges: ["late", "events"])
                try await rig.run(made) {
                    try await source.waitUntilRunning(rig)
                    #expect(
                        rig.port.monitor.snapshot.warnings["exchange late"]?.what
                            == "there is no exchange late: nothing comes from it"
                    )
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.waitForEvents(1)

                    try await source.broker.host.makeExchange("late")
                    try await rig.wait(for: "the late exchange") {
                        rig.time.advance(by: .seconds(31))
                        return rig.port.monitor.snapshot.warnings.isEmpty
                    }
                    try await source.broker.publish(SourceRig.events(["b"]), to: "late", key: "x")
                    try await rig.waitForEvents(2)
                }
                let queue = try #require(try await source.broker.host.queues().first)
                #expect(queue["name"]?.string == "martlet-under-test")
                #expect(queue["type"]?.string == "quorum")
                let arguments = try #require(queue["arguments"])
                #expect(arguments["x-max-length-bytes"]?.integer == 2 << 30)
                #expect(arguments["x-overflow"]?.string == "drop-head")
                #expect(arguments["x-single-active-consumer"]?.boolean == true)
                #expect(arguments["x-delivery-limit"] == nil)
            }
        }
    }

    @Test func `an exchange that goes and comes back is bound again, with an alert`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.context)) {
                    try await source.waitUntilRunning(rig)
                    try await source.broker.host.deleteExchange("events")
                    try await rig.wait(for: "a warning") {
                        rig.time.advance(by: .seconds(31))
                        return rig.port.monitor.snapshot.warnings["exchange events"] != nil
                    }
                    #expect(rig.port.monitor.snapshot.state == .running)
                    #expect(try await rig.store.head() == .zero)
                    try await source.broker.host.makeExchange("events")
                    try await rig.wait(for: "the exchange") {
                        rig.time.advance(by: .seconds(31))
                        return rig.port.monitor.snapshot.warnings.isEmpty
                    }
                    try await rig.wait(for: "an alert") { rig.port.monitor.snapshot.gaps == 1 }
                    try await source.publish(SourceRig.events(["b"]))
                    try await rig.waitForEvents(2)
                }
                let events = try await rig.store.page(after: .zero, limit: 10, maximumBytes: .max).map(\.event)
                #expect(events.map(\.type) == ["martlet.source.gap", "org.example.line"])
                let alert = try #require(events.first.map { String(decoding: $0.payload.original, as: UTF8.self) })
                #expect(alert.contains("The exchange events had gone"))
            }
        }
    }

    @Test func `another consumer of the queue is told of, for as long as it is there`() async throws {
        try await SourceCase.run { source in
            // Without a single active consumer each gets a part.
            try await source.broker.host.makeQueue("martlet-under-test")
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig)
                    let other = try await source.broker.open()
                    try await other.consume("martlet-under-test") { _ in }
                    try await rig.wait(for: "a warning") { rig.port.monitor.snapshot.warnings["consumers"] != nil }
                    let warning = rig.port.monitor.snapshot.warnings["consumers"]
                    #expect(warning?.what == "the queue martlet-under-test has another consumer")
                    await other.close()
                    try await rig.wait(for: "no warning") { rig.port.monitor.snapshot.warnings["consumers"] == nil }
                }
            }
        }
    }

    @Test func `a source that stands by behind another consumer says so until something comes`() async throws {
        try await SourceCase.run { source in
            try await source.declare()
            let first = try await source.broker.open()
            let taken = Collected<AMQPDelivery>()
            try await first.consume("martlet-under-test") { taken.add($0) }
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await rig.wait(for: "a warning") { rig.port.monitor.snapshot.warnings["consumers"] != nil }
                    let warning = rig.port.monitor.snapshot.warnings["consumers"]
                    #expect(warning?.what.contains("had another consumer when this source began") == true)
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.wait(for: "a message for the first") { taken.count == 1 }
                    #expect(try await rig.store.head() == .zero)
                    await first.close()
                    try await rig.waitForEvents(1)
                    try await rig.wait(for: "no warning") { rig.port.monitor.snapshot.warnings.isEmpty }
                }
            }
        }
    }

    @Test func `a queue that is there with other arguments is used as it is, and said to be`() async throws {
        try await SourceCase.run { source in
            try await source.broker.host.makeQueue("martlet-under-test", arguments: #"{"x-max-length":5}"#)
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.context)) {
                    try await source.waitUntilRunning(rig)
                    #expect(rig.port.monitor.snapshot.warnings["queue"]?.what.contains("inequivalent") == true)
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.waitForEvents(1)
                }
            }
        }
    }

    @Test func `a message that is too large costs only itself`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.context)) {
                    try await source.waitUntilRunning(rig)
                    let large = String(repeating: "x", count: 100 << 20)
                    try await source.publish([large] + SourceRig.events(["a"]))
                    try await rig.waitForEvents(1)
                }
                let quarantined = try await rig.store.quarantined(source: nil, after: 0, limit: 10)
                #expect(quarantined.map(\.draft.bytes.count) == [64 << 10])
                #expect(quarantined.first?.draft.reason.contains("\(100 << 20) bytes") == true)
            }
            #expect(try await source.backlog() == 0)
        }
    }

    @Test func `a temporary queue leaves no trace`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                let settings = try source.broker.settings()
                let made = AMQPSource(
                    configuration: AMQPSourceConfiguration(watching: settings, exchanges: ["events"]),
                    port: rig.port,
                    store: rig.store,
                    context: rig.context
                )
                try await rig.run(made) {
                    try await source.waitUntilRunning(rig)
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.waitForEvents(1)
                }
                #expect(try await source.broker.host.queueNames().isEmpty)
            }
        }
    }

    @Test func `settings that cannot be are errors at their fields, and what is worth a word is a warning`() throws {
        let wrong: [(String, ComponentSettings.Value)] = [
            ("queue", .string("amq.mine")), ("queue", .string("")), ("exchanges", .strings([""])),
            ("bindings", .strings([String(repeating: "x", count: 256)])), ("heartbeat", .duration(.zero)),
        ]
        for (field, value) in wrong {
            let error = #expect(throws: ComponentError.self) {
                try AMQPSource.check(ComponentSettings(["url": .string("amqp://mq1"), field: value]))
            }
            #expect(error?.field == field)
        }
        let settings = ComponentSettings(["url": .string("amqps://mq1/?verify=verify_none"), "exchanges": .strings([])])
        #expect(try AMQPSource.check(settings).map(\.field) == ["verify", "exchanges"])
    }
}
