import Foundation
import MartletJSON
import MartletTesting
import MartletTransfer
import Synchronization

/// Clients that send more than a slow disk takes, and what they were answered.
///
/// Each sends one body after the other: eight events of 12.5 KB. One that is refused tries again, with new events, before
/// long; one whose connection breaks ends.
final class OverloadClients: Sendable {
    struct Answer: Sendable {
        var status: Int
        var begin: ContinuousClock.Instant
        var duration: Duration
        /// 503, and when to come again.
        var isProperRefusal: Bool
    }

    private struct State {
        var answers: [Answer] = []
        var acknowledged: Set<String> = []
        var refused: Set<String> = []
        var nextBatch = 0
    }

    private static let eventsPerBody = 8
    private static let content = String(repeating: "x", count: 12_500)

    private let state = Mutex(State())

    /// The ids of what was acknowledged, and of what was refused.
    var acknowledged: Set<String> { state.withLock { $0.acknowledged } }
    var refused: Set<String> { state.withLock { $0.refused } }

    /// Sends for a while, or until the server is gone, and returns what was answered meanwhile.
    func send(_ count: Int, to server: Server, for duration: Duration) async -> [Answer] {
        let before = state.withLock { $0.answers.count }
        let end = ContinuousClock.now + duration
        await withTaskGroup { group in
            for _ in 0..<count { group.addTask { await self.send(to: server, until: end) } }
        }
        return state.withLock { Array($0.answers.dropFirst(before)) }
    }

    private func send(to server: Server, until end: ContinuousClock.Instant) async {
        while ContinuousClock.now < end {
            let ids = nextIDs()
            let body = "[\(ids.map(Self.event).joined(separator: ","))]"
            let begin = ContinuousClock.now
            // The test ends the server's life while it sends.
            guard let answer = try? await server.post("/v1/events", body) else { return }
            note(answer, ids, since: begin)
            // Sooner than an honest client, who is told to wait for a second; cancelled, the loop ends by its condition.
            if answer.status != 202 { try? await ContinuousClock().sleep(for: .milliseconds(200)) }
        }
    }

    private func nextIDs() -> [String] {
        let batch = state.withLock { state in
            state.nextBatch += 1
            return state.nextBatch
        }
        return (0..<Self.eventsPerBody).map { "\(batch)-\($0)" }
    }

    private static func event(_ id: String) -> String {
        """
        {"specversion":"1.0","id":"\(id)","source":"/load","type":"t","subject":"VirtualMachine/\(id)","data":"\(content)"}
        """
    }

    private func note(_ answer: Server.Answer, _ ids: [String], since begin: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - begin
        let code = try? answer.json["code"]?.string
        let isProperRefusal =
            answer.status == 503 && answer.headers["retry-after"] == "1" && code == "overloaded"
        state.withLock { state in
            state.answers.append(
                Answer(
                    status: answer.status,
                    begin: begin,
                    duration: duration,
                    isProperRefusal: isProperRefusal
                )
            )
            if answer.status == 202 { state.acknowledged.formUnion(ids) } else { state.refused.formUnion(ids) }
        }
    }
}

extension [OverloadClients.Answer] {
    var accepted: Self { filter { $0.status == 202 } }
    var refused: Self { filter { $0.status != 202 } }

    /// So many percent of them took no longer; nothing took no time.
    func duration(ofPercent percent: Int) -> Duration {
        let sorted = map(\.duration).sorted()
        return sorted.isEmpty ? .zero : sorted[(sorted.count - 1) * percent / 100]
    }
}
