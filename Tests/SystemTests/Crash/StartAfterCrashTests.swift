import Foundation
import Martlet
import MartletPipeline
import MartletStore
import MartletTesting
import Testing

/// A server that was killed with a large log is back within a second.
@Suite struct StartAfterCrashTests {
    /// In `make soak` a million.
    private static let eventCount = Soak.isOn ? 1_000_000 : 100_000
    private static let groupSize = 2_000
    /// The last events, without a checkpoint: they make the write-ahead log larger than it is ever let grow, 128 MB.
    private static let lastCount = 30_000

    @Test(.timeLimit(.minutes(30)))
    func `with a large log and a full write-ahead log, a killed server answers within a second`() async throws {
        let directory = try ScratchDirectory.make()
        defer { removeQuietly(directory) }
        let left = directory.appending(path: "left")
        try await makeStore(copiedTo: left)
        var starts: [Duration] = []
        // The machine has others to serve: the best of three counts, each from what the same crash has left.
        try await Soak("start", rounds: 3).run { round in
            let place = directory.appending(path: "\(round.number)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: left, to: place.appending(path: "data"))
            let configuration = """
                forwarders:
                  one: { file: { path: "\(place.path)/one.jsonl" }, body: event }
                  two: { webhook: { url: "http://127.0.0.1:1/none" }, body: event, start: now }
                """
            let clock = ContinuousClock()
            let began = clock.now
            let server = try await Server(in: place, configuration: configuration)
            try #require(try await server.get("/healthz").status == 200)
            starts.append(clock.now - began)
            try #require(try await server.head() == Self.eventCount)
            server.kill9()
            try FileManager.default.removeItem(at: place)
        }
        print("start: \(Self.eventCount) events, starts took \(starts)")
        #expect(try #require(starts.min()) < .seconds(1))
    }

    /// Fills a store, the last of it without a checkpoint, and copies its files while they are open: what a crash leaves.
    private func makeStore(copiedTo left: URL) async throws {
        let original = left.deletingLastPathComponent().appending(path: "original")
        var options = StoreOptions()
        options.durability = .relaxed
        let store = try await SQLiteEventStore.open(at: original.path, options: options)
        do {
            try await fill(store, at: original)
            try FileManager.default.copyItem(at: original, to: left)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
        try FileManager.default.removeItem(at: original)
    }

    private func fill(_ store: SQLiteEventStore, at directory: URL) async throws {
        let last = Self.eventCount - Self.lastCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Checkpoints, as the server makes them, for most of the way.
            group.addTask { await store.run() }
            for first in stride(from: 0, to: last, by: Self.groupSize) { try await commit(first, to: store) }
            group.cancelAll()
        }
        for first in stride(from: last, to: Self.eventCount, by: Self.groupSize) { try await commit(first, to: store) }
        let log = directory.appending(path: "martlet.sqlite-wal").path
        let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
        print("start: a write-ahead log of \(size >> 20) MiB")
        try #require(size > 32 << 20, "It is large enough to tell something.")
    }

    private func commit(_ first: Int, to store: SQLiteEventStore) async throws {
        let items = (first..<first + Self.groupSize).map { number in
            // A tenth as many resources as events, in no order.
            let machine = "vm-\(number &* 7_919 % (Self.eventCount / 10))"
            return IntakeItem.event(StoreProbe.event("e\(number)", machine: machine, content: Self.content), nil)
        }
        let group = CommitGroup(
            batches: [IntakeBatch(source: "source", items: items)],
            recordedTime: StoreProbe.start + .milliseconds(first)
        )
        _ = try await store.commit(group)
    }

    private static let content = #"{"event":"VM.START","padding":"\#(String(repeating: "x", count: 300))"}"#

    private func removeQuietly(_ directory: URL) {
        // What is left behind there is lost in a directory for temporary files.
        try? FileManager.default.removeItem(at: directory)
    }
}
