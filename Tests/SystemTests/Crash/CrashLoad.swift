import Foundation
import MartletTesting
import Synchronization

/// What producers have sent and what was answered, over all lives of the server.
final class CrashLoad: Sendable {
    /// A batch as its client sends it, again and again until it is acknowledged.
    struct Batch: Sendable {
        var ids: [String]
        var body: String
    }

    private struct State {
        var acknowledged: Set<String> = []
        var acknowledgedInThisLife = 0
        /// Of each client: the batch that was not acknowledged, and the number of the next one.
        var open: [Int: Batch] = [:]
        var next: [Int: Int] = [:]
        var lines: [String] = []
    }

    private let name: String
    private let state = Mutex(State())
    /// Where the source `file` reads.
    private let file: URL

    init(name: String, file: URL) throws {
        self.name = name
        self.file = file
        try Data().write(to: file)
    }

    var acknowledged: Set<String> { state.withLock { $0.acknowledged } }
    /// The ids of what stands in the file.
    var lines: [String] { state.withLock { $0.lines } }

    func beginLife() { state.withLock { $0.acknowledgedInThisLife = 0 } }

    /// Sends batches until the connection breaks, and has `afterEach` told how many events were acknowledged in this life.
    func send(as client: Int, to server: Server, afterEach: (Int) -> Void) async throws {
        while true {
            let batch = nextBatch(client)
            // A connection that breaks is what the test is about: the batch comes again, in the server's next life.
            guard let answer = try? await server.post("/v1/events", batch.body) else { return }
            guard answer.status == 202 else {
                throw ServerError("A batch was answered \(answer.status): \(answer.text)")
            }
            let count = state.withLock { state in
                state.acknowledged.formUnion(batch.ids)
                state.open[client] = nil
                state.acknowledgedInThisLife += batch.ids.count
                return state.acknowledgedInThisLife
            }
            afterEach(count)
        }
    }

    /// Adds lines to the file, each an event.
    func write(_ count: Int) throws {
        let lines = state.withLock { state in
            let ids = (0..<count).map { "\(name)-line-\(state.lines.count + $0)" }
            state.lines += ids
            return ids
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        let text = lines.map {
            CrashLoad.event($0, resource: "lines-\($0.utf8.reduce(0) { Int($1) &+ $0 } % 3)") + "\n"
        }
        try handle.write(contentsOf: Data(text.joined().utf8))
        try handle.close()
    }

    private func nextBatch(_ client: Int) -> Batch {
        state.withLock { state in
            if let open = state.open[client] { return open }
            let number = state.next[client, default: 0]
            state.next[client] = number + 1
            let ids = (0..<5).map { "\(name)-\(client)-\(number)-\($0)" }
            let events = ids.enumerated().map { CrashLoad.event($1, resource: "\(client)-\($0 % 2)") }
            let batch = Batch(ids: ids, body: "[\(events.joined(separator: ","))]")
            state.open[client] = batch
            return batch
        }
    }

    /// Every fifth resource is one that nobody wants at the webhook.
    private static func event(_ id: String, resource: String) -> String {
        let type = id.hasSuffix("3") ? "unwanted" : "wanted"
        return """
            {"specversion":"1.0","id":"\(id)","source":"/load","type":"\(type)",\
            "subject":"VirtualMachine/\(resource)","data":{"padding":"\(String(repeating: "x", count: 200))"}}
            """
    }
}
