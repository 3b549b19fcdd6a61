import GRDB
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct RedeliveryTests {
    @Test func `a dead letter of another forwarder is not taken away`() async throws {
        try await withStore { store in
            let probe = StoreProbe(store)
            let owner = try await store.openForwarder(name: "a", start: .zero).id
            let other = try await store.openForwarder(name: "b", start: .zero).id
            try await probe.commit([StoreProbe.event("a")])
            var progress = ForwarderProgress(forwarder: owner, cursor: Position(rawValue: 1))
            progress.counts.dead = 1
            progress.deadLetters = [
                DeadLetterDraft(position: Position(rawValue: 1), reason: "", attempts: 1, time: StoreProbe.start)
            ]
            try await probe.save(progress)
            let letter = try #require(try await store.deadLetters(forwarder: nil, after: 0, limit: 1).first)
            var theft = ForwarderProgress(forwarder: other, cursor: .zero)
            theft.removedDeadLetters = [letter.id, letter.id + 1]
            try await probe.save(theft)
            #expect(try await store.deadLetter(id: letter.id)?.id == letter.id)
            #expect(try await store.forwarderStatuses().map(\.counts.dead) == [1, 0])
        }
    }
}
