import Martlet
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSourceFaultTests {
    private static func bodies(_ numbers: ClosedRange<Int>) -> [String] {
        numbers.map { #"{"event":"VM.START","number":\#($0)}"# }
    }

    @Test func `a message that comes again after its commit is stored once, by the same process`() async throws {
        try await SourceCase.run { direct in
            let proxy = try FaultProxy(target: direct.broker.host.server.port)
            let source = try direct.through(port: proxy.port)
            try await SourceRig.withRig { rig in
                let port = rig.portWithoutIDs()
                try await rig.run(source.make(port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig, port)
                    // What is acknowledged from here on does not arrive.
                    proxy.freeze(.toServer)
                    // Two of one content: both are wanted.
                    let bodies = Self.bodies(1...3) + Self.bodies(3...3)
                    try await direct.publish(bodies)
                    try await rig.waitForEvents(4)
                    proxy.dropConnections()
                    proxy.heal()
                    try await rig.wait(for: "4 repetitions") {
                        rig.intake.counters.sources[port.name]?.duplicates == 4
                    }
                    try await direct.publish(Self.bodies(4...4))
                    try await rig.waitForEvents(5)
                    #expect(try await rig.bodies() == bodies + Self.bodies(4...4))
                    #expect(port.monitor.snapshot.reconnections >= 1)
                    try await rig.wait(for: "an empty checkpoint") {
                        try await rig.store.checkpoint(source: port.name, key: "unsettled") == ""
                    }
                }
            }
            #expect(try await direct.backlog() == 0)
        }
    }

    @Test func `a message that comes again after its commit is stored once, by the next process`() async throws {
        try await SourceCase.run { direct in
            let proxy = try FaultProxy(target: direct.broker.host.server.port)
            let source = try direct.through(port: proxy.port)
            try await SourceRig.withRig { rig in
                let port = rig.portWithoutIDs()
                let bodies = Self.bodies(1...600)
                try await rig.run(source.make(port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig, port)
                    proxy.freeze(.toServer)
                    try await direct.publish(bodies)
                    try await rig.waitForEvents(600)
                    // Nothing of it has arrived at the broker, as if the process had been killed.
                    proxy.refuseConnections()
                }
                proxy.heal()
                let next = rig.portWithoutIDs()
                try await rig.run(source.make(next, rig, rig.systemContext)) {
                    try await direct.publish(Self.bodies(601...601))
                    try await rig.waitForEvents(601)
                }
                #expect(try await rig.bodies() == bodies + Self.bodies(601...601))
                #expect(rig.intake.counters.sources[port.name]?.duplicates == 600)
            }
        }
    }

    @Test func `a connection that is cut in the middle of messages loses and repeats nothing`() async throws {
        try await SourceCase.run { direct in
            let proxy = try FaultProxy(target: direct.broker.host.server.port)
            let source = try direct.through(port: proxy.port)
            try await SourceRig.withRig { rig in
                let port = rig.portWithoutIDs()
                try await rig.run(source.make(port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig, port)
                    for round in 0..<5 {
                        proxy.cut(after: 7_001 * (round + 1), .toClient)
                        try await direct.publish(Self.bodies(round * 500 + 1...round * 500 + 500))
                    }
                    try await rig.waitForEvents(2_500)
                }
                let expected = Self.bodies(1...2_500)
                #expect(try await rig.bodies() == expected)
                #expect(try await rig.store.head().rawValue == 2_500)
            }
        }
    }

    @Test func `a queue that is deleted is made anew, with an alert`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig)
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.waitForEvents(1)
                    try await source.broker.host.deleteQueue("martlet-under-test")
                    // The alert is an event, too.
                    try await rig.waitForEvents(2)
                    try await source.waitUntilRunning(rig)
                    try await source.publish(SourceRig.events(["b"]))
                    try await rig.waitForEvents(3)
                }
                // And once more while nobody looks.
                try await source.broker.host.deleteQueue("martlet-under-test")
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) { try await rig.waitForEvents(4) }
                let events = try await rig.store.page(after: .zero, limit: 10, maximumBytes: .max).map(\.event)
                #expect(events.filter { $0.type == "martlet.source.gap" }.count == 2)
                #expect(events.filter { $0.type != "martlet.source.gap" }.map(\.id) == ["a", "b"])
                try await rig.wait(for: "two gaps counted") { rig.port.monitor.snapshot.gaps == 2 }
            }
        }
    }

    @Test func `a refused user is a clear state, and it runs once he is let in`() async throws {
        try await SourceCase.run { source in
            let user = "operator-\(source.broker.host.name)"
            try await source.broker.host.makeUser(user, password: "right")
            try await source.broker.host.allow(user: user)
            var settings = source.connection
            settings.hosts[0].username = user
            settings.hosts[0].password = "wrong"
            let refused = SourceCase(broker: source.broker, connection: settings)
            try await SourceRig.withRig { rig in
                try await rig.run(refused.make(rig.port, rig, rig.systemContext)) {
                    try await rig.wait(for: "a refusal") { rig.port.monitor.snapshot.state == .failing }
                    let problem = try #require(rig.port.monitor.snapshot.problem)
                    #expect(problem.what.contains("refuses the user"))
                    #expect(problem.remedy.contains("check username and password"))
                    #expect(!"\(problem)".contains("wrong"))
                    try await source.broker.host.makeUser(user, password: "wrong")
                    try await source.waitUntilRunning(rig)
                    #expect(rig.port.monitor.snapshot.problem == nil)
                }
            }
            try await source.broker.host.removeUser(user)
        }
    }

    @Test func `a source that cannot commit gives everything back, says so, and goes on when it can`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                let port = rig.portWithoutIDs()
                try await rig.run(source.make(port, rig, rig.context)) {
                    try await source.waitUntilRunning(rig, port)
                    rig.store.writeFailure = StoreError(.full, "No space left.")
                    try await source.publish(Self.bodies(1...10))
                    try await rig.wait(for: "a stall") {
                        rig.time.advance(by: .seconds(1))
                        return port.monitor.snapshot.problem?.what.contains("given back") == true
                    }
                    try await rig.wait(for: "all back in the queue") { try await source.backlog() == 10 }
                    rig.store.writeFailure = nil
                    try await rig.waitForEvents(10, movingTime: true)
                    try await rig.wait(for: "a running source") { port.monitor.snapshot.state == .running }
                }
                #expect(try await rig.bodies() == Self.bodies(1...10))
            }
            #expect(try await source.backlog() == 0)
        }
    }

    @Test func `a source that cannot commit an alert gives everything back all the same, and raises it later`()
        async throws
    {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                var configuration = source.configuration()
                configuration.maximumQueueBytes = 2_000
                let make = {
                    AMQPSource(configuration: configuration, port: rig.port, store: rig.store, context: rig.context)
                }
                try await rig.run(make()) { try await source.waitUntilRunning(rig) }
                try await source.publish(SourceRig.events((1...100).map { "event-\($0)" }))
                let waiting = try await source.backlog()
                rig.store.writeFailure = StoreError(.full, "No space left.")
                try await rig.run(make()) {
                    try await rig.wait(for: "a stall") {
                        rig.time.advance(by: .seconds(1))
                        return rig.port.monitor.snapshot.problem?.what.contains("given back") == true
                    }
                    try await rig.wait(for: "all back in the queue") { try await source.backlog() == waiting }
                    rig.store.writeFailure = nil
                    try await rig.waitForEvents(waiting + 1, movingTime: true)
                    try await rig.wait(for: "an alert") { rig.port.monitor.snapshot.gaps == 1 }
                }
                #expect(try await rig.store.head().rawValue == Int64(waiting) + 1)
            }
            #expect(try await source.backlog() == 0)
        }
    }

    @Test func `the alert of a lost queue is committed before there is another, or there is none`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig)
                }
                try await source.broker.host.deleteQueue("martlet-under-test")
                rig.store.writeFailure = StoreError(.full, "No space left.")
                let failed = rig.intake.counters.commits.failed
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await rig.wait(for: "attempts") { rig.intake.counters.commits.failed >= failed + 4 }
                }
                rig.store.writeFailure = nil
                // The process ended before the store took anything.
                #expect(try await source.broker.host.queueNames().isEmpty)
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await rig.waitForEvents(1)
                    try await rig.wait(for: "a queue that is bound") {
                        let names = try await source.broker.host.queueNames()
                        guard names == ["martlet-under-test"] else { return false }
                        return try await source.broker.host.bindings(of: "martlet-under-test").count == 1
                    }
                }
                let events = try await rig.store.page(after: .zero, limit: 10, maximumBytes: .max).map(\.event)
                #expect(events.map(\.type) == ["martlet.source.gap"])
                // There is a queue now, and nothing more to tell.
                try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                    try await source.publish(SourceRig.events(["a"]))
                    try await rig.waitForEvents(2)
                }
                #expect(try await rig.eventIDs().last == "a")
            }
        }
    }

    @Test func `a source that replaces one whose last commit takes long stores nothing twice`() async throws {
        let disk = SlowDisk()
        let store = InMemoryEventStore(beforeCommit: { _ in await disk.turn() })
        try await SourceCase.run { source in
            try await SourceRig.withRig(store: store) { rig in
                let port = rig.portWithoutIDs()
                try await rig.run(source.make(port, rig, rig.systemContext)) {
                    try await source.waitUntilRunning(rig, port)
                    disk.stand()
                    try await source.publish(Self.bodies(1...10))
                    try await rig.wait(for: "a commit under way") { disk.isWaitedFor }
                }
                // Its patience is over, and it has given back what the intake still has.
                try await rig.wait(for: "all back in the queue") { try await source.backlog() == 10 }
                let next = rig.portWithoutIDs()
                try await rig.run(source.make(next, rig, rig.systemContext)) {
                    // Long enough for what does not wait to have read its checkpoint, and no longer than that.
                    let connections = ContinuousClock.now + .seconds(3)
                    try await rig.wait(for: "the next one's session, or none of it") {
                        ContinuousClock.now >= connections || next.monitor.snapshot.state == .running
                    }
                    disk.turnAgain()
                    try await rig.waitForEvents(10)
                    try await source.publish(Self.bodies(11...11))
                    try await rig.wait(for: "the last one") { try await rig.bodies().last == Self.bodies(11...11)[0] }
                }
                #expect(try await rig.bodies() == Self.bodies(1...11))
                #expect((1...10).contains(rig.intake.counters.sources[port.name]?.duplicates ?? 0))
            }
            #expect(try await source.backlog() == 0)
        }
    }

    @Test func `a queue that was full raises an alert`() async throws {
        try await SourceCase.run { source in
            try await SourceRig.withRig { rig in
                var configuration = source.configuration()
                configuration.maximumQueueBytes = 2_000
                let make = {
                    AMQPSource(
                        configuration: configuration,
                        port: rig.port,
                        store: rig.store,
                        context: rig.systemContext
                    )
                }
                try await rig.run(make()) { try await source.waitUntilRunning(rig) }
                let ids = (1...100).map { "event-\($0)" }
                try await source.publish(SourceRig.events(ids))
                try await rig.run(make()) {
                    try await rig.wait(for: "an alert") { rig.port.monitor.snapshot.gaps == 1 }
                }
                let events = try await rig.store.page(after: .zero, limit: 200, maximumBytes: .max).map(\.event)
                #expect(events.filter { $0.type == "martlet.source.gap" }.count == 1)
                // The newest are kept.
                let kept = events.filter { $0.type != "martlet.source.gap" }.map(\.id)
                #expect((1..<100).contains(kept.count))
                #expect(Array(ids.suffix(kept.count)) == kept)
            }
        }
    }
}

/// A node of its own, because it is stopped.
@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSourceNodeTests {
    @Test func `a broker that is stopped, or killed, and started is taken up again without a loss`() async throws {
        let server = try await RabbitMQServer.start()
        let broker = BrokerCase(host: RabbitMQVirtualHost(server: server, name: "kept"))
        try await broker.host.create()
        try await broker.host.makeExchange("events")
        let source = SourceCase(broker: broker, connection: try broker.settings())
        try await SourceRig.withRig { rig in
            try await rig.run(source.make(rig.port, rig, rig.systemContext)) {
                try await source.waitUntilRunning(rig)
                for (round, isKilled) in [false, true].enumerated() {
                    try await source.publish(SourceRig.events(["before-\(round)"]))
                    try await rig.waitForEvents(2 * round + 1)
                    if isKilled { await server.kill() } else { await server.stop() }
                    try await rig.wait(for: "a failing source") { rig.port.monitor.snapshot.state == .failing }
                    try await server.start()
                    try await source.publish(SourceRig.events(["after-\(round)"]))
                    try await rig.waitForEvents(2 * round + 2)
                }
            }
            #expect(try await rig.eventIDs() == ["before-0", "after-0", "before-1", "after-1"])
        }
        await server.kill()
    }
}

/// A disk that stands still when it is told to.
private final class SlowDisk: Sendable {
    private struct State {
        var isStanding = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var isWaitedFor: Bool { state.withLock { !$0.waiters.isEmpty } }

    func stand() { state.withLock { $0.isStanding = true } }

    func turnAgain() {
        let waiters = state.withLock { state in
            state.isStanding = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func turn() async {
        await withCheckedContinuation { continuation in
            let isStanding = state.withLock { state in
                if state.isStanding { state.waiters.append(continuation) }
                return state.isStanding
            }
            if !isStanding { continuation.resume() }
        }
    }
}
