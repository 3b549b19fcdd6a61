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
