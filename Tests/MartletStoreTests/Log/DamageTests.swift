import Foundation
import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct DamageTests {
    /// What is flipped: a byte of a text that lies in one place of the file.
    @Test(arguments: ["needle-body", "needle-identifier"])
    func `an event in which a bit has flipped is never served, and is known by its position`(
        _ needle: String
    ) async throws {
        try await withTemporaryDirectory { directory in
            let probe = [
                StoreProbe.event("first"), StoreProbe.event("needle-identifier", content: #"{"text":"needle-body"}"#),
                StoreProbe.event("third"),
            ]
            try await withStore(at: directory) { try await StoreProbe($0).commit(probe) }
            try DamageTests.flip(needle, in: directory + "/martlet.sqlite")
            try await withStore(at: directory) { store in
                #expect(try await StoreProbe(store).log().map(\.event.id) == ["first", "third"])
                #expect(store.damage == StoreDamage(count: 1, positions: [Position(rawValue: 2)]))
                let others = try await store.events(at: [1, 3].map(Position.init(rawValue:)))
                #expect(others.map(\.event.id) == ["first", "third"])
            }
        }
    }

    @Test func `a row that says it is another's is damaged`() async throws {
        try await withStore { store in
            try await StoreProbe(store).commit([StoreProbe.event("1"), StoreProbe.event("2")])
            for change in [
                "position = 9", "recorded = recorded + 1", "resource = resource + 1", "prev = 5", "kind = 9",
            ] {
                try await store.write { _, database in
                    try database.execute(sql: "SAVEPOINT test; UPDATE events SET \(change) WHERE position = 2")
                    let decoder = EventDecoder(database, fragments: FragmentCache(), instance: store.instance)
                    let rows = try RawStatement(
                        database,
                        "SELECT \(EventRow.columns) FROM events ORDER BY position DESC LIMIT 1"
                    )
                    #expect(throws: StoreError.self, "\(change)") { try rows.first { try decoder.decode($0) } }
                    try database.execute(sql: "ROLLBACK TO test; RELEASE test")
                }
            }
            #expect(try await StoreProbe(store).log().count == 2)
        }
    }

    @Test func `a damaged failure of a replay hides no other`() async throws {
        try await withStore { store in
            try await StoreProbe(store).commit(["1", "2", "3"].map { StoreProbe.event($0) })
            let positions = [1, 2, 3].map(Position.init(rawValue:))
            let replay = try await store.createReplay(
                ReplayDraft(
                    definition: Array("{}".utf8),
                    forwarder: nil,
                    sink: "log",
                    range: positions[0]...positions[2],
                    rate: nil,
                    note: nil,
                    created: StoreProbe.start
                )
            )
            var delivery = ForwarderProgress(forwarder: ForwarderID(rawValue: replay.id.rawValue), cursor: positions[2])
            delivery.deadLetters = positions.map {
                DeadLetterDraft(position: $0, reason: "no", attempts: 1, time: StoreProbe.start)
            }
            try await store.saveReplay(
                ReplayProgress(replay: replay.id, delivery: delivery, isFinished: false, time: StoreProbe.start)
            )
            try await store.write { _, database in
                try database.execute(sql: "UPDATE replay_failures SET body = zeroblob(4) WHERE position = 2")
            }
            #expect(try await store.replayFailures(replay.id, after: 0, limit: 2).map(\.stored.event.id) == ["1", "3"])
            #expect(store.damage.positions == [positions[1]])
        }
    }

    private static func flip(_ needle: String, in path: String) throws {
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        let range = try #require(file.range(of: Data(needle.utf8)))
        file[range.lowerBound] ^= 0x01
        try file.write(to: URL(fileURLWithPath: path))
    }
}
