import Martlet
import MartletPipeline
import Testing

extension EventStoreConformance.Clause {
    private static func draft(_ note: String? = nil, rate: Int? = 50) -> ReplayDraft {
        ReplayDraft(
            definition: Array(#"{"forwarder":"noc","from":"2"}"#.utf8),
            forwarder: "noc",
            sink: "webhook",
            range: Position(rawValue: 2)...Position(rawValue: 5),
            rate: rate,
            note: note,
            created: StoreProbe.start
        )
    }

    private static func progress(
        _ id: ReplayID,
        cursor: Int64,
        isFinished: Bool = false,
        _ change: (inout ForwarderProgress) -> Void = { _ in }
    ) -> ReplayProgress {
        var delivery = ForwarderProgress(
            forwarder: ForwarderID(rawValue: id.rawValue),
            cursor: Position(rawValue: cursor)
        )
        change(&delivery)
        return ReplayProgress(
            replay: id,
            delivery: delivery,
            isFinished: isFinished,
            time: StoreProbe.start + .seconds(9)
        )
    }

    private static func parked(_ position: Int64, unit: Int64? = nil) -> ParkedDelivery {
        ParkedDelivery(
            position: Position(rawValue: position),
            lane: ResourceKey(rawValue: 7),
            unit: unit.map(Position.init(rawValue:)),
            attempts: 2,
            due: StoreProbe.start + .milliseconds(3),
            reason: "HTTP 500",
            isRedelivery: false
        )
    }

    private static func failure(_ position: Int64) -> DeadLetterDraft {
        DeadLetterDraft(
            position: Position(rawValue: position),
            reason: "HTTP 400",
            attempts: 3,
            time: StoreProbe.start + .nanoseconds(1)
        )
    }

    /// Replays: beside the forwarders, and as durable.
    static let replays = [
        Self("a replay is read back as it was made") { probe in
            let made = try await probe.store.createReplay(draft("for the audit"))
            let limitless = try await probe.store.createReplay(draft(rate: nil))
            #expect(made.cursor == Position(rawValue: 1) && made.state == .running && made.pending == 4)
            #expect(try await probe.store.replay(made.id) == made)
            #expect(try await probe.store.replay(limitless.id) == limitless)
            #expect(try await probe.store.replays() == [limitless, made])
            #expect(try await probe.store.replay(ReplayID(rawValue: 4_711)) == nil)
        },
        Self("a replay's progress is read back as it was saved, and no forwarder's changes") { probe in
            let forwarder = try await probe.store.openForwarder(name: "noc", start: .zero)
            try await probe.commit((1...6).map { StoreProbe.event("\($0)") })
            let id = try await probe.store.createReplay(draft()).id
            try await probe.store.saveReplay(
                progress(id, cursor: 4) { delivery in
                    delivery.counts.delivered = 1
                    delivery.lastError = .some("HTTP 500")
                    delivery.parked = [parked(3, unit: 3), parked(4)]
                }
            )
            let saved = try #require(try await probe.store.replay(id))
            #expect(saved.cursor == Position(rawValue: 4) && saved.parked == 2 && saved.lastError == "HTTP 500")
            #expect(saved.counts.delivered == 1 && saved.pending == 3 && saved.matched == 3)
            #expect(try await probe.store.parkedDeliveries(of: id) == [parked(3, unit: 3), parked(4)])
            try await probe.store.saveReplay(
                progress(id, cursor: 5, isFinished: true) { delivery in
                    delivery.counts.delivered = 2
                    delivery.counts.filtered = 1
                    delivery.lastError = .some(nil)
                    delivery.unparked = [Position(rawValue: 3), Position(rawValue: 4)]
                }
            )
            let ended = try #require(try await probe.store.replay(id))
            #expect(ended.state == .finished && ended.ended == StoreProbe.start + .seconds(9))
            #expect(ended.counts.delivered == 3 && ended.pending == 0 && ended.parked == 0 && ended.lastError == nil)
            #expect(try await probe.store.parkedDeliveries(of: id).isEmpty)
            let status = try #require(try await probe.store.forwarderStatuses().first)
            #expect(status.counts == forwarder.counts && status.cursor == forwarder.cursor && status.parked == 0)
        },
        Self("what a replay gives up on is kept with it, with its own copy") { probe in
            let committed = try await probe.commit([
                StoreProbe.event("a"), StoreProbe.event("b"), StoreProbe.event("c"),
            ])
            let id = try await probe.store.createReplay(draft()).id
            let other = try await probe.store.createReplay(draft()).id
            try await probe.store.saveReplay(
                progress(id, cursor: 3) { delivery in
                    delivery.counts.dead = 2
                    delivery.deadLetters = [failure(2), failure(3)]
                }
            )
            let failures = try await probe.store.replayFailures(id, after: 0, limit: 9)
            #expect(failures.map(\.stored.event) == committed.events[1...2].map(\.event))
            #expect(failures.map(\.reason) == ["HTTP 400", "HTTP 400"] && failures[0].attempts == 3)
            #expect(failures[0].time == StoreProbe.start + .nanoseconds(1))
            let rest = try await probe.store.replayFailures(id, after: failures[0].id, limit: 9)
            #expect(rest.map(\.id) == [failures[1].id])
            let few = try await probe.store.replayFailures(id, after: 0, limit: 9, maximumBytes: 0)
            #expect(few.map(\.id) == [failures[0].id], "at least one, however large it is")
            #expect(try await probe.store.replayFailures(other, after: 0, limit: 9).isEmpty)
            #expect(try await probe.store.deadLetters(forwarder: nil, after: 0, limit: 9).isEmpty)
            #expect(try await probe.store.replay(id)?.counts.dead == 2)
        },
        Self("what failed and is no longer in the log is skipped") { probe in
            try await probe.commit([StoreProbe.event("a")])
            let id = try await probe.store.createReplay(draft()).id
            try await probe.store.saveReplay(
                progress(id, cursor: 3) { delivery in
                    delivery.counts.dead = 1
                    delivery.deadLetters = [failure(3)]
                }
            )
            let record = try #require(try await probe.store.replay(id))
            #expect(record.counts.dead == 0 && record.counts.skipped == 1)
        },
        Self("a replay that pauses by itself says why, and goes on where it was") { probe in
            let id = try await probe.store.createReplay(draft()).id
            let pause = Pause(cause: .gone, reason: "410 Gone")
            try await probe.store.saveReplay(progress(id, cursor: 2) { $0.pause = .some(pause) })
            let paused = try #require(try await probe.store.replay(id))
            #expect(paused.state == .paused && paused.pause == pause)
            #expect(try await probe.store.setReplay(id, to: .running, pause: nil, at: StoreProbe.start))
            let resumed = try #require(try await probe.store.replay(id))
            #expect(resumed.state == .running && resumed.pause == nil && resumed.cursor == Position(rawValue: 2))
        },
        Self("a replay that has ended stays so, whatever comes late") { probe in
            let id = try await probe.store.createReplay(draft()).id
            #expect(try await probe.store.setReplay(id, to: .cancelled, pause: nil, at: StoreProbe.start))
            try await probe.store.saveReplay(progress(id, cursor: 5, isFinished: true) { $0.counts.delivered = 1 })
            let record = try #require(try await probe.store.replay(id))
            #expect(record.state == .cancelled && record.ended == StoreProbe.start)
            #expect(record.counts.delivered == 1)
            #expect(try await probe.store.setReplay(id, to: .running, pause: nil, at: StoreProbe.start) == false)
            let unknown = ReplayID(rawValue: 4_711)
            #expect(try await probe.store.setReplay(unknown, to: .running, pause: nil, at: StoreProbe.start) == false)
        },
        Self("of the replays that have ended the newest hundred are remembered") { probe in
            let open = try await probe.store.createReplay(draft("open")).id
            for _ in 0..<101 {
                let id = try await probe.store.createReplay(draft()).id
                _ = try await probe.store.setReplay(id, to: .cancelled, pause: nil, at: StoreProbe.start)
            }
            let last = try await probe.store.createReplay(draft("last")).id
            let records = try await probe.store.replays()
            #expect(records.count { $0.state == .cancelled } == 99)
            #expect(records.first?.id == last && records.last?.id == open)
        },
    ]
}
