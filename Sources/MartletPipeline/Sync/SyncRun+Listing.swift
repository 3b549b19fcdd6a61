import Logging
import Martlet
import MartletClouds
import Synchronization

// Reading a type, page by page.

extension SyncRun {
    /// How often one page, or one resource, is asked for at the most.
    static let attempts = 5
    private static let firstDelay = Duration.seconds(1)
    private static let longestDelay = Duration.seconds(300)

    /// Reads all resources of a type; a type that cannot be read to its end says so, and the next one goes on.
    func read(_ type: String) async throws {
        let extent = try await memory.extent(of: type)
        let begun = try await means.store.head()
        state.withLock { state in
            state.status.current = type
            state.begun[type] = begun
            state.silent[type] = extent.silent
        }
        update(type) { ($0.state, $0.isFirst) = (.reading, extent == .none) }
        do {
            var pages = means.inventory.pages(of: type)
            while let (listed, asked, time) = try await nextPage(of: &pages) {
                update(type) { $0.counts.read += listed.count }
                let observations = listed.map { listed in
                    SyncObservation(
                        subject: ResourceSubject(cloud: cloud, resource: listed.resource),
                        facts: listed.facts,
                        asked: asked,
                        time: time
                    )
                }
                try await compare(observations, of: type)
            }
            update(type) { $0.state = .listed }
        } catch let refusal as InventoryRefusal {
            give(up: type, as: .refused, refusal.description)
            if refusal.isBehindAll, !request.isDry { try await memory.note(.part, of: type, at: means.time.now) }
        } catch let error as EnricherError {
            give(up: type, as: .failed, error.description)
        }
    }

    private func give(up type: String, as state: SyncTypeStatus.State, _ reason: String) {
        update(type) { ($0.state, $0.reason) = (state, reason) }
        means.logger.warning(
            "A sync could not read all resources of a type; none of them is taken for deleted.",
            metadata: ["cloud": "\(cloud)", "type": "\(type)", "reason": "\(reason)"]
        )
    }

    private typealias Page = (listed: [ListedResource], asked: Position, time: Timestamp)

    /// The next page, with the head of the log when it was asked for: each try asks anew.
    private func nextPage(of pages: inout any ResourcePages) async throws -> Page? {
        var failures = 0
        while true {
            let asked = try await means.store.head()
            let time = means.time.now
            do {
                return try await pages.next().map { ($0, asked, time) }
            } catch let error as EnricherError {
                failures += 1
                try await pause(after: error, failures)
            }
        }
    }

    /// Waits before the next try.
    ///
    /// - Throws: the error where it was the last one.
    func pause(after error: EnricherError, _ failures: Int) async throws {
        try Task.checkCancellation()
        guard failures < SyncRun.attempts else { throw error }
        let delay = max(SyncRun.firstDelay * (1 << (failures - 1)), error.retryAfter ?? .zero)
        try await means.time.sleep(for: min(delay, SyncRun.longestDelay))
    }
}
