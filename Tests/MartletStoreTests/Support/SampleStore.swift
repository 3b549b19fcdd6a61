import Foundation
import Martlet
import MartletPipeline
import MartletTesting

@testable import MartletStore

/// A store with something of everything in it, to be damaged.
enum SampleStore {
    static let eventCount = 400
    static let forwarders = ["billing", "noc"]

    /// Makes it in a directory and closes it.
    static func make(in directory: String) async throws {
        let store = try await SQLiteEventStore.open(at: directory, options: .forTests)
        do {
            try await fill(store)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }

    static func fill(_ store: SQLiteEventStore) async throws {
        let probe = StoreProbe(store)
        var records: [ForwarderRecord] = []
        for name in forwarders { records.append(try await store.openForwarder(name: name, start: .zero)) }
        for batch in 0..<eventCount / 20 {
            let events = (0..<20).map { event(batch * 20 + $0 + 1) }
            let group = IntakeBatch(
                source: "kafka",
                items: events.map { .event($0, nil) },
                checkpoints: [Checkpoint(key: "topic/0", value: "\(batch * 20)")]
            )
            try await probe.commit([group], after: .seconds(batch))
        }
        let unreadable = (0..<5).map { number in
            IntakeItem.unreadable(
                QuarantineDraft(
                    bytes: Array("no event \(number)".utf8)[...],
                    reason: "the body is not JSON",
                    headers: ["a": "b"]
                )
            )
        }
        try await probe.commit([IntakeBatch(source: "webhook", items: unreadable)])
        try await store.setSetting("admin.token", to: "a hash")
        for record in records { try await probe.save(progress(of: record.id)) }
    }

    /// An event of one of sixty machines; every fifth is longer than a page of the file, every seventh has no id.
    static func event(_ number: Int) -> Event {
        let padding = number.isMultiple(of: 5) ? String(repeating: "x\(number)", count: 1_500) : "short"
        return StoreProbe.event(
            number.isMultiple(of: 7) ? "" : "id-\(number)",
            machine: "vm-\(number % 60)",
            state: ["Running", "Stopped", "Starting"][number % 3],
            content: #"{"event":"VM.START","number":\#(number),"padding":"\#(padding)"}"#,
            time: StoreProbe.start + .seconds(number)
        ).with { $0.type = "com.example.machine.changed" }
    }

    private static func progress(of id: ForwarderID) -> ForwarderProgress {
        var progress = ForwarderProgress(forwarder: id, cursor: Position(rawValue: 300))
        progress.counts.delivered = 200
        progress.counts.filtered = 76
        progress.counts.dead = 4
        progress.parked = (0..<20).map { number in
            ParkedDelivery(
                position: Position(rawValue: Int64(281 + number)),
                lane: nil,
                unit: nil,
                attempts: 3,
                due: StoreProbe.start + .seconds(60),
                reason: "HTTP 503",
                isRedelivery: false
            )
        }
        progress.deadLetters = (0..<4).map { number in
            DeadLetterDraft(
                position: Position(rawValue: Int64(101 + number)),
                reason: "HTTP 400",
                attempts: 12,
                time: StoreProbe.start
            )
        }
        return progress
    }
}
