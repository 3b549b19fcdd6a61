package import MartletPipeline
import Testing

/// Runs every clause of ``Source``'s contract against a source and the transport that it reads.
package struct SourceConformance: Sendable {
    /// What a source promises beyond the contract.
    package struct Features: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// It returns when its input ends.
        package static let ends = Features(rawValue: 1 << 0)
        /// A second one goes on where the first one's commits ended.
        package static let resumes = Features(rawValue: 1 << 1)
    }

    /// What the source under test reads: the suite writes JSON lines into it.
    package struct Transport: Sendable {
        package var write: @Sendable (String) async throws -> Void
        /// Says that nothing more comes.
        package var end: @Sendable () async throws -> Void
        package var makeSource: @Sendable (SourceRig) throws -> any Source

        package init(
            write: @escaping @Sendable (String) async throws -> Void,
            end: @escaping @Sendable () async throws -> Void = {},
            makeSource: @escaping @Sendable (SourceRig) throws -> any Source
        ) {
            self.write = write
            self.end = end
            self.makeSource = makeSource
        }
    }

    package typealias Body = @Sendable (Transport) async throws -> Void

    package let features: Features
    private let withTransport: @Sendable (Body) async throws -> Void

    /// - Parameter withTransport: runs its argument with a new, empty transport.
    package init(features: Features, withTransport: @escaping @Sendable (Body) async throws -> Void) {
        self.features = features
        self.withTransport = withTransport
    }

    /// One promise of the contract, for the argument of a test.
    package struct Clause: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        /// Without these it does not apply.
        fileprivate let needed: Features
        fileprivate let body: @Sendable (Transport, SourceRig) async throws -> Void

        fileprivate init(
            _ description: String,
            needed: Features = [],
            _ body: @escaping @Sendable (Transport, SourceRig) async throws -> Void
        ) {
            testDescription = description
            self.needed = needed
            self.body = body
        }

        /// Every promise.
        package static let all = [commitsInOrder, quarantines, persists, stops, ends, resumes]
    }

    /// Runs one clause on a transport and a store of their own.
    package func run(_ clause: Clause) async throws {
        guard features.isSuperset(of: clause.needed) else { return }
        try await withTransport { transport in
            try await SourceRig.withRig { rig in try await clause.body(transport, rig) }
        }
    }
}

extension SourceConformance.Clause {
    private static let commitsInOrder = Self("everything is committed in order") { transport, rig in
        let ids = (1...1_200).map { "event-\($0)" }
        try await transport.write(SourceRig.lines(ids))
        try await transport.end()
        try await rig.run(transport.makeSource(rig)) {
            try await rig.waitForEvents(ids.count)
        }
        #expect(try await rig.eventIDs() == ids)
    }

    private static let quarantines = Self("an unreadable item costs only itself") { transport, rig in
        try await transport.write(SourceRig.lines(["a"]) + "{\"id\": 1,\n\n" + SourceRig.lines(["b"]))
        try await transport.end()
        try await rig.run(transport.makeSource(rig)) {
            try await rig.waitForEvents(2)
        }
        #expect(try await rig.eventIDs() == ["a", "b"])
        let quarantined = try await rig.store.quarantined(source: nil, after: 0, limit: 10)
        #expect(quarantined.map { Array($0.draft.bytes) } == [Array("{\"id\": 1,".utf8)])
        #expect(quarantined.allSatisfy { !$0.draft.reason.isEmpty })
    }

    private static let persists = Self("what the store refuses is handed over again, once it takes it") {
        transport,
        rig in
        let refusal = StoreError(.full, "No space left.")
        try await transport.write(SourceRig.lines(["a", "b"]))
        try await transport.end()
        rig.store.failure = refusal
        try await rig.run(transport.makeSource(rig)) {
            // It waits: before its first look at the store, or with a batch that was refused.
            await rig.time.waitForSleepers()
            rig.store.failure = nil
            try await rig.waitForEvents(2, movingTime: true)
        }
        #expect(try await rig.eventIDs() == ["a", "b"])
        #expect(rig.intake.counters.sources[rig.port.name]?.duplicates == 0)
    }

    private static let stops = Self("a cancelled source returns") { transport, rig in
        try await transport.write(SourceRig.lines(["a"]))
        let source = try transport.makeSource(rig)
        // A task of its own, because cancelling it is what is tried.
        let running = Task { try await source.run() }
        try await rig.waitForEvents(1)
        running.cancel()
        try await running.value
        #expect(try await rig.eventIDs() == ["a"])
    }

    private static let ends = Self("the source returns when its input ends", needed: .ends) { transport, rig in
        try await transport.write(SourceRig.lines(["a"]) + SourceRig.lines(["b"]).dropLast())
        try await transport.end()
        try await transport.makeSource(rig).run()
        #expect(try await rig.eventIDs() == ["a", "b"])
    }

    private static let resumes = Self("a second source goes on where commits ended", needed: .resumes) {
        transport,
        rig in
        let ids = ["a", "b", "c", "d"]
        // Three times: what a resumed source commits is resumed from, too.
        for (number, part) in [ids[...1], ids[2...2], ids[3...3]].enumerated() {
            try await transport.write(SourceRig.lines(Array(part)))
            try await rig.run(transport.makeSource(rig)) {
                try await rig.waitForEvents(number + 2)
            }
        }
        #expect(try await rig.eventIDs() == ids)
        #expect(rig.intake.counters.sources[rig.port.name]?.duplicates == 0)
    }
}
