import MartletJSON
import MartletTransfer

extension ServerUnderTest {
    /// What to wait for.
    enum Progress {
        /// Events in the log.
        case committed
        /// Events that the only forwarder has delivered.
        case delivered
    }

    /// Takes the times until so many events are done. The clock starts with the first of them, as connecting is not what
    /// is measured; the CPU is all from now on.
    func measure(_ progress: Progress, events: Int) async throws -> Measurement {
        let cpuBefore = cpu
        let transfer = try HTTPTransfer(maximumConnections: 1, maximumConnectionsPerHost: 1)
        var first: (time: Double, count: Int)?
        var last = (time: Measurement.now(), count: 0)
        var pause = 0.02
        while last.count < events {
            try await Task.sleep(for: .seconds(pause))
            let count = try await self.count(progress, transfer)
            let now = Measurement.now()
            if count > last.count {
                last = (now, count)
                if let first {
                    // Asking costs the server half a millisecond: the closer the end, the more often it is asked.
                    let rest = Double(events - count) * (now - first.time) / Double(max(count - first.count, 1))
                    pause = min(max(rest / 3, 0.02), 0.5)
                } else {
                    first = last
                }
            }
            guard now - last.time < 60 else {
                throw BenchmarkError("Nothing has come for a minute after \(count) events.")
            }
        }
        guard let first, first.count < events else { throw BenchmarkError("All came at once.") }
        let wall = (last.time - first.time) * Double(events) / Double(last.count - first.count)
        return Measurement(events: events, wall: wall, cpu: cpu - cpuBefore)
    }

    /// Waits until the only source runs.
    func waitUntilRunning() async throws {
        let transfer = try HTTPTransfer(maximumConnections: 1, maximumConnectionsPerHost: 1)
        let deadline = Measurement.now() + 60
        while true {
            let source = try await status(transfer)["sources"]?[0]
            if source?["state"]?.string == "running" { return }
            guard Measurement.now() < deadline else {
                let reason = source?["problem"]?["what"]?.string ?? "it gives no reason"
                throw BenchmarkError("The source does not run: \(reason)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func count(_ progress: Progress, _ transfer: HTTPTransfer) async throws -> Int {
        let status = try await status(transfer)
        return switch progress {
        case .committed: status["store"]?["head"]?.string.flatMap { Int($0) } ?? 0
        case .delivered: Int(status["forwarders"]?[0]?["delivered"]?.integer ?? 0)
        }
    }

    private func status(_ transfer: HTTPTransfer) async throws -> JSONValue {
        try JSONDocument(parsing: try await get(transfer, "/v1/status").body).root
    }
}
