import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// One bit turned over anywhere in a store's file: found, or without any effect; and repaired.
@Suite struct FlippedBitTests {
    @Test func `a flipped bit is found or changes nothing, and a repair saves all but one row`() async throws {
        try await withTemporaryDirectory { directory in
            try await SampleStore.make(in: directory + "/data")
            let original = try await DamagedCopy(of: directory + "/data", in: directory).contents()
            var harmless = 0
            let rounds = try await Soak("flips", rounds: 30).run { round in
                var random = round.generator
                let copy = try DamagedCopy(of: directory + "/data", in: directory)
                let offset = Int.random(in: 0..<(try copy.size()), using: &random)
                let bit = Int.random(in: 0..<8, using: &random)
                try copy.flip(bit: bit, at: offset)
                let place: Comment = "seed \(round.seed): bit \(bit) at \(offset)"
                let report = try await StoreCheck.run(directory: copy.directory)
                if report.isClean {
                    harmless += 1
                    try await expectSame(try await copy.contents(), original, place)
                } else {
                    let repair = try await StoreRepair.run(directory: copy.directory)
                    #expect(repair.check.isClean, "\(place): \(repair.check.findings)")
                    try expectSaved(try await copy.contents(), original, repair, place)
                }
                try copy.remove()
            }
            print("Flipped bits: \(rounds), of them in bytes that nothing reads: \(harmless).")
        }
    }

    private func expectSame(_ found: StoreContents, _ original: StoreContents, _ place: Comment) async throws {
        #expect(found.events == original.events, place)
        #expect(found.resources == original.resources, place)
        #expect(found.timelines == original.timelines, place)
        #expect(found.forwarders.mapValues(\.counts) == original.forwarders.mapValues(\.counts), place)
        #expect(found.forwarders.mapValues(\.cursor) == original.forwarders.mapValues(\.cursor), place)
        #expect(found.deadLetters == original.deadLetters && found.quarantined == original.quarantined, place)
        #expect(found.checkpoint == original.checkpoint, place)
    }

    /// One bit is in one row, or in what holds rows together: no more than one row of all is lost.
    private func expectSaved(
        _ found: StoreContents,
        _ original: StoreContents,
        _ repair: RepairReport,
        _ place: Comment
    ) throws {
        let lost = Set(original.events.keys).subtracting(found.events.keys)
        #expect(lost.count <= 1, "\(place): lost \(lost.sorted())")
        #expect(repair.lostCount == Int64(lost.count), place)
        for (position, event) in found.events { #expect(event == original.events[position], "\(place): \(position)") }
        #expect(Set(found.resources.keys) == Set(original.resources.keys), place)
        for (id, record) in found.resources {
            let line = original.timelines[id, default: []].filter { !lost.contains($0) }
            #expect(found.timelines[id] == line, "\(place): the time line of \(id)")
            #expect(record.state == original.resources[id]?.state || !lost.isEmpty, "\(place): \(id)")
        }
        #expect(found.deadLetters >= original.deadLetters - 1, place)
        #expect(found.quarantined >= original.quarantined - 1, place)
        for (name, status) in original.forwarders {
            guard let now = found.forwarders[name] else {
                #expect(repair.forwarders.contains { $0.contains("could not be read") }, "\(place): \(name)")
                continue
            }
            #expect(now.cursor <= status.cursor, "\(place): nothing is skipped by \(name)")
            let sum = now.counts.delivered + now.counts.filtered + now.counts.dead + now.counts.skipped + now.pending
            #expect(sum == now.committed, "\(place): the numbers of \(name) add up")
        }
    }
}
