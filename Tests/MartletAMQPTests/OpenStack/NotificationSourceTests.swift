import MartletPipeline
import MartletTesting
import Testing

@testable import MartletAMQP

private let areToolsThere = RabbitMQServer.isInstalled && OsloPublisher.isInstalled
private let absence: Comment = "rabbitmq-server or oslo.messaging is not there: make test installs both"

@Suite(.timeLimit(.minutes(5)), .enabled(if: areToolsThere, absence))
struct NotificationSourceTests {
    private typealias Notification = OsloPublisher.Notification

    @Test func `every priority comes, by either driver, from several exchanges, and no remote call`() async throws {
        try await NotificationCase.run { cloud in
            try await cloud.publisher.publish([Notification("nova", "first"), Notification("glance", "first")])
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova", "glance"])
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    var notifications: [Notification] = []
                    for exchange in ["nova", "glance"] {
                        for driver in ["messaging", "messagingv2"] {
                            for priority in NotificationSettings.allPriorities {
                                let type = "\(exchange).\(driver).\(priority)"
                                notifications.append(
                                    Notification(exchange, type).with {
                                        $0.driver = driver
                                        $0.priority = priority
                                    }
                                )
                            }
                        }
                    }
                    notifications.append(
                        Notification("nova", "versioned").with { $0.topics = ["versioned_notifications"] }
                    )
                    // The services' remote calls go through the same exchange.
                    let isRouted = try await cloud.broker.host.publish("{}", to: "nova", key: "conductor")
                    #expect(!isRouted)
                    #expect(try await cloud.publisher.publish(notifications) == 0)
                    try await rig.wait(for: "all of \(notifications.count)") {
                        try await rig.types().count == notifications.count
                    }
                    #expect(try await rig.types().sorted() == notifications.map(\.eventType).sorted())
                    #expect(port.monitor.snapshot.gaps == 0)
                }
                let bindings = try await cloud.broker.host.bindings(of: "martlet")
                #expect(bindings.count == 2 * 21)
            }
        }
    }

    @Test func `an exchange that its service makes later is bound, and what came before that is a gap`() async throws {
        try await NotificationCase.run { cloud in
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova", "heat"])
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    #expect(port.monitor.snapshot.warnings.keys.sorted() == ["exchange heat", "exchange nova"])
                    try await cloud.publisher.publish([Notification("nova", "unseen")])
                    try await rig.wait(for: "a bound exchange") {
                        port.monitor.snapshot.warnings.keys.sorted() == ["exchange heat"]
                    }
                    try await cloud.publisher.publish([Notification("nova", "seen")])
                    try await rig.wait(for: "the event") { try await rig.types() == ["seen"] }
                    try await rig.wait(for: "an alert") { try await rig.gaps().count == 1 }
                    #expect(try await rig.gaps().first?.contains("came into being") == true)
                    try await rig.wait(for: "a gap counted") { port.monitor.snapshot.gaps == 1 }
                }
            }
        }
    }

    @Test(arguments: [
        ("{}", "t"), (#"{"amqp_durable_queues":true}"#, "d"), (#"{"rabbit_quorum_queue":true}"#, "d"),
    ])
    func `an exchange is taken as its service made it, and remembered`(_ options: String, _ flags: String) async throws
    {
        try await NotificationCase.run { cloud in
            try await cloud.publisher.publish([Notification("nova", "first")], options: options)
            try await SourceRig.withRig { rig in
                let (source, port) = cloud.source(rig, exchanges: ["nova"])
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    #expect(port.monitor.snapshot.warnings.isEmpty)
                    #expect(try await cloud.publisher.publish([Notification("nova", "next")], options: options) == 0)
                    try await rig.wait(for: "the event") { try await rig.types() == ["next"] }
                    try await rig.wait(for: "the memory") { try await rig.memory() == "* nova:\(flags):b:" }
                }
            }
        }
    }

    @Test func `where the operator has said how, the exchange is made before its service publishes`() async throws {
        try await NotificationCase.run { cloud in
            try await SourceRig.withRig { rig in
                let durable = NotificationSettings(declared: ExchangeFlags(isDurable: true))
                let (source, port) = cloud.source(rig, exchanges: ["nova"], notifications: durable)
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    #expect(port.monitor.snapshot.warnings.isEmpty)
                    let options = #"{"amqp_durable_queues":true}"#
                    #expect(try await cloud.publisher.publish([Notification("nova", "first")], options: options) == 0)
                    try await rig.wait(for: "the first event") { try await rig.types() == ["first"] }
                    #expect(try await rig.gaps().isEmpty)
                    // Why Martlet does not guess: to a service that declares otherwise each notification is lost.
                    #expect(try await cloud.publisher.publish([Notification("nova", "lost")]) == 1)
                }
            }
        }
    }

    @Test func `without the rights it says which to grant, and goes on when they are there`() async throws {
        try await NotificationCase.run { cloud in
            let host = cloud.broker.host
            let user = "reader-\(host.name)"
            try await host.makeUser(user, password: "right")
            try await host.allow(user: user, configure: "^martlet$", write: "^martlet$", read: "^martlet$")
            try await cloud.publisher.publish([Notification("nova", "first")])
            let reader = cloud.loggedIn(as: user, password: "right")
            try await SourceRig.withRig { rig in
                let said = NotificationSettings(declared: ExchangeFlags())
                let (source, port) = reader.source(rig, exchanges: ["nova", "heat"], notifications: said)
                try await rig.run(source) {
                    try await cloud.waitUntilRunning(rig, port)
                    let warnings = port.monitor.snapshot.warnings
                    #expect(warnings["exchange nova"]?.remedy.contains("read the exchange nova") == true)
                    #expect(warnings["exchange heat"]?.remedy.contains("configure the exchange heat") == true)
                    try await host.allow(
                        user: user,
                        configure: "^(martlet|nova|heat)$",
                        write: "^martlet$",
                        read: "^(martlet|nova|heat)$"
                    )
                    try await rig.wait(for: "both exchanges") { port.monitor.snapshot.warnings.isEmpty }
                    try await cloud.publisher.publish([Notification("nova", "a"), Notification("heat", "b")])
                    try await rig.wait(for: "both events") { try await rig.types().sorted() == ["a", "b"] }
                    // The exchange was there before, and not bound.
                    try await rig.wait(for: "an alert") { try await rig.gaps().count == 1 }
                }
            }
            try await host.removeUser(user)
        }
    }
}
