import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

private let areToolsThere = RabbitMQServer.isInstalled && OsloPublisher.isInstalled

@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: areToolsThere, "rabbitmq-server or oslo.messaging is not there: make test installs both")
)
struct DefaultQueueDrainTests {
    private typealias Notification = OsloPublisher.Notification

    private static let draining = NotificationSettings(drainsDefaultQueues: true)

    @Test func `the publishers' own queues are emptied, and nothing in them is stored twice`() async throws {
        try await NotificationCase.run { cloud in
            // Before Martlet has a queue it is only there.
            let before = (1...20).map { Notification("nova", "before.\($0)") }
            try await cloud.publisher.publish(before)
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    let after = (1...20).map { number in
                        Notification("nova", "after.\(number)").with {
                            $0.priority = number % 2 == 0 ? "info" : "error"
                        }
                    }
                    try await cloud.publisher.publish(after)
                    for queue in ["notifications.info", "notifications.error", "martlet"] {
                        try await rig.wait(for: "a consumer of \(queue)") {
                            try await cloud.consumers(of: queue) == 1
                        }
                        try await cloud.waitUntilEmpty(queue, rig)
                    }
                    try await rig.wait(for: "all events") { try await rig.types().count == 40 }
                    let expected = (before + after).map(\.eventType).sorted()
                    #expect(try await rig.types().sorted() == expected)
                    #expect(port.monitor.snapshot.warnings.isEmpty)
                }
            }
        }
    }

    @Test func `what has long been over revives nothing`() async throws {
        try await NotificationCase.run { cloud in
            let machine = #"{"instance_id": "i-1", "tenant_id": "p-1"}"#
            func happens(_ type: String) async throws {
                let notification = Notification("nova", "compute.instance.\(type)").with { $0.payload = machine }
                try await cloud.publisher.publish([notification])
            }
            // Before Martlet has a queue, and after.
            try await happens("create.end")
            try await cloud.broker.host.makeQueue("martlet", arguments: #"{"x-queue-type":"quorum"}"#)
            try await cloud.broker.host.bind("martlet", to: "nova")
            try await happens("delete.end")
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    try await rig.wait(for: "both events") { try await rig.types().count == 2 }
                    let records = try await rig.store.resources(type: "VirtualMachine", id: "i-1", cloud: "osp")
                    #expect(records.count == 1)
                    #expect(records.first?.deleted != nil)
                }
            }
        }
    }

    @Test func `a right that is taken back costs the one queue, and the source nothing`() async throws {
        try await NotificationCase.run { cloud in
            let host = cloud.broker.host
            let user = "narrow-\(host.name)"
            try await host.makeUser(user, password: "right")
            let own = "martlet|nova"
            @Sendable func allow(reading queues: String) async throws {
                try await host.allow(user: user, configure: "^martlet$", write: "^martlet$", read: "^(\(queues))$")
            }
            try await allow(reading: own + "|notifications.info")
            try await cloud.publisher.publish([Notification("nova", "first")])
            let narrow = cloud.loggedIn(as: user, password: "right")
            try await SourceRig.withRig { rig in
                let (source, port) = narrow.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await rig.wait(for: "the first event") { try await rig.types() == ["first"] }
                    try await allow(reading: own)
                    // Its consumer goes with it; the next one is a stranger's.
                    try await host.deleteQueue("notifications.info")
                    try await host.makeQueue("notifications.info", durable: false)
                    try await cloud.publisher.publish([Notification("nova", "next")])
                    try await rig.wait(for: "a warning") {
                        port.monitor.snapshot.warnings["default queue notifications.info"] != nil
                    }
                    let warning = port.monitor.snapshot.warnings["default queue notifications.info"]
                    #expect(warning?.what.hasSuffix("the user may not read it") == true)
                    try await rig.wait(for: "the event") { try await rig.types() == ["first", "next"] }
                    #expect(port.monitor.snapshot.reconnections == 0)
                }
            }
            try await host.removeUser(user)
        }
    }

    @Test func `where the broker lets no second connection in, the source goes on with its own`() async throws {
        try await NotificationCase.run { cloud in
            let host = cloud.broker.host
            let user = "lonely-\(host.name)"
            try await host.makeUser(user, password: "right")
            try await host.allow(user: user, configure: ".*", write: ".*", read: ".*")
            let server = try await RabbitMQServer.shared
            try await server.control("set_user_limits", user, #"{"max-connections": 1}"#)
            try await cloud.publisher.publish([
                Notification("nova", "first"), Notification("nova", "second").with { $0.priority = "error" },
            ])
            let lonely = cloud.loggedIn(as: user, password: "right")
            try await SourceRig.withRig { rig in
                let (source, port) = lonely.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await rig.wait(for: "a warning") {
                        port.monitor.snapshot.warnings.keys.contains { $0.hasPrefix("default queue") }
                    }
                    // Tried once, not with each queue.
                    let warnings = port.monitor.snapshot.warnings.filter { $0.key.hasPrefix("default queue") }
                    #expect(warnings.count == 1)
                    #expect(warnings.first?.value.what.contains("over a connection of its own") == true)
                    try await cloud.publisher.publish([Notification("nova", "next")])
                    try await rig.wait(for: "the event") { try await rig.types() == ["next"] }
                    #expect(port.monitor.snapshot.reconnections == 0)
                }
            }
            try await host.removeUser(user)
        }
    }

    @Test func `a queue with a listener is left to him, and given back to one who comes`() async throws {
        try await NotificationCase.run { cloud in
            try await cloud.publisher.publish([
                Notification("nova", "a"), Notification("nova", "b").with { $0.priority = "error" },
            ])
            let listener = try await cloud.broker.open()
            let heard = Collected<AMQPDelivery>()
            try await listener.consume("notifications.info") { heard.add($0) }
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    try await rig.wait(for: "a warning") {
                        port.monitor.snapshot.warnings["default queue notifications.info"] != nil
                    }
                    let warning = port.monitor.snapshot.warnings["default queue notifications.info"]
                    #expect(warning?.what == "the queue notifications.info is not drained: another consumer reads it")
                    try await rig.wait(for: "the other queue's event") { try await rig.types() == ["b"] }
                    #expect(try await cloud.consumers(of: "notifications.info") == 1)

                    // Somebody comes to a queue that is being emptied.
                    try await listener.consume("notifications.error") { heard.add($0) }
                    try await rig.wait(for: "a second warning") {
                        port.monitor.snapshot.warnings["default queue notifications.error"] != nil
                    }
                    #expect(try await cloud.consumers(of: "notifications.error") == 1)
                    try await cloud.publisher.publish([Notification("nova", "c").with { $0.priority = "error" }])
                    try await rig.wait(for: "the event by both ways") {
                        let isHeard = heard.elements.contains {
                            String(decoding: $0.body, as: UTF8.self).contains(#"\"c\""#)
                        }
                        return try await rig.types() == ["b", "c"] && isHeard
                    }
                    #expect(port.monitor.snapshot.state == .running)
                    #expect(port.monitor.snapshot.reconnections == 0)
                }
            }
            await listener.close()
        }
    }

    @Test func `a queue that the user may not read is named, and disturbs nothing`() async throws {
        try await NotificationCase.run { cloud in
            let host = cloud.broker.host
            let user = "narrow-\(host.name)"
            try await host.makeUser(user, password: "right")
            try await host.allow(user: user, configure: "^martlet$", write: "^martlet$", read: "^(martlet|nova)$")
            try await cloud.publisher.publish([Notification("nova", "first")])
            let narrow = cloud.loggedIn(as: user, password: "right")
            try await SourceRig.withRig { rig in
                let (source, port) = narrow.source(rig, exchanges: ["nova"], notifications: Self.draining)
                try await rig.run(source) {
                    try await rig.wait(for: "a warning") {
                        port.monitor.snapshot.warnings["default queue notifications.info"] != nil
                    }
                    let warning = port.monitor.snapshot.warnings["default queue notifications.info"]
                    #expect(warning?.remedy.contains("let the user read the queue notifications.info") == true)
                    try await cloud.publisher.publish([Notification("nova", "next")])
                    try await rig.wait(for: "the event") { try await rig.types() == ["next"] }
                    #expect(port.monitor.snapshot.reconnections == 0)
                }
            }
            try await host.removeUser(user)
        }
    }
}

extension NotificationCase {
    /// How many read a queue; 0 where it is not there.
    fileprivate func consumers(of queue: String) async throws -> Int {
        let session = try await broker.open()
        let count: Int
        do throws(AMQPError) {
            count = try await session.queueState(queue).consumers
        } catch {
            guard error.code == .missing else { throw error }
            count = 0
        }
        await session.close()
        return count
    }
}
