import Martlet
import MartletPipeline
import MartletStore

/// The plain model of the store: an array, a dictionary, and what follows from them.
struct ModelLog: Sendable {
    /// A batch of the model: what the intake is given, and what the model makes of it.
    struct Batch: Sendable {
        /// `nil` for bytes that nobody can read.
        var items: [ModelEvent?] = []

        var intake: IntakeBatch {
            IntakeBatch(
                source: "model",
                items: items.map { event in
                    guard let event else {
                        return .unreadable(QuarantineDraft(bytes: Array("?".utf8)[...], reason: "unreadable"))
                    }
                    return .event(event.event, event.facts)
                }
            )
        }
    }

    private struct Identity: Hashable, Sendable {
        var id: String
        var publisher: Int
        var content: String

        init(_ event: ModelEvent) {
            id = event.id
            publisher = event.draft.publisher
            content = event.content
        }
    }

    /// By position, from 1.
    private(set) var events: [ModelEvent] = []
    private(set) var recorded: [Timestamp] = []
    private(set) var resources: [Int: ModelResource] = [:]
    private(set) var quarantined = 0
    /// Retention has removed everything up to here.
    var removedThrough: Int64 = 0
    /// All that was ever made, stored or not.
    private var made: [ModelEvent] = []
    private var horizon = ModelHorizon<Identity>()

    var head: Int64 { Int64(events.count) }

    subscript(position: Int64) -> ModelEvent { events[Int(position) - 1] }

    /// Makes of drafts what a source hands over now.
    mutating func makeBatch(_ drafts: [Draft], now: Timestamp) -> Batch {
        var batch = Batch()
        for draft in drafts {
            switch draft {
            case .new(let new): batch.items.append(make(new, id: "e\(made.count)", now: now))
            case .sameID(let number, let new):
                let id = made.isEmpty ? "e0" : made[number % made.count].id
                batch.items.append(make(new, id: id, now: now))
            case .again(let number):
                guard !made.isEmpty else { continue }
                batch.items.append(made[number % made.count])
            case .unreadable: batch.items.append(nil)
            }
        }
        return batch
    }

    private mutating func make(_ new: Draft.New, id: String, now: Timestamp) -> ModelEvent {
        let event = ModelEvent(
            id: id,
            draft: new,
            content: #"{"n":\#(made.count)}"#,
            time: new.age.map { now + .seconds($0) }
        )
        made.append(event)
        return event
    }

    /// The process starts.
    mutating func start(at now: Timestamp) { horizon.start(at: now) }

    /// The store has committed something at these moments.
    mutating func note(commitsAt times: [Timestamp]) { for time in times { horizon.advance(to: time) } }

    /// Takes in what Martlet has told of itself next, if it has.
    mutating func takeAlerts(from store: SQLiteEventStore) async throws {
        while let next = try await store.events(at: [Position(rawValue: head + 1)]).first, Self.isAlert(next) {
            append(alert: next)
        }
    }

    static func isAlert(_ stored: StoredEvent) -> Bool {
        ["martlet.retention.skipped", "martlet.forwarder.resynchronised"].contains(stored.event.type)
    }

    /// Takes in what Martlet has told of itself.
    mutating func append(alert stored: StoredEvent) {
        events.append(ModelEvent(alert: stored))
        recorded.append(stored.event.fields.recordedTime ?? Timestamp(seconds: 0))
    }

    /// Takes a batch into the log, and tells what the store should have said.
    mutating func commit(_ batch: Batch, recorded now: Timestamp) -> CommitReceipt {
        var receipt = CommitReceipt()
        for event in batch.items {
            guard let event else {
                quarantined += 1
                receipt.quarantined += 1
                continue
            }
            if event.draft.hasID, let known = horizon.position(of: Identity(event)) {
                receipt.duplicates += 1
                receipt.lastPosition = max(receipt.lastPosition ?? .zero, Position(rawValue: known))
                continue
            }
            let time = max(recorded.last ?? Timestamp(seconds: 0), Timestamp(milliseconds: now.milliseconds))
            events.append(event)
            recorded.append(time)
            if event.draft.hasID { horizon.remember(Identity(event), at: head) }
            if let resource = event.draft.resource {
                let isStale = resources[resource, default: ModelResource()].apply(event, at: head, recorded: time)
                receipt.stale += isStale ? 1 : 0
            }
            receipt.accepted += 1
            receipt.lastPosition = Position(rawValue: head)
        }
        return receipt
    }
}
