import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

struct MaintenanceTests {
    @Test func `maintenance brings the text up to the log, round after round, and ends when it is cancelled`()
        async throws
    {
        let time = ManualTime()
        var options = StoreOptions.forTests
        options.time = time
        try await withStore(options: options) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await store.run() }
                for round in 1...3 {
                    try await StoreProbe(store).commit([StoreProbe.event(machine: "vm-\(round)")])
                    // Both jobs have done their round, and then a second passes.
                    await time.waitForSleepers(2)
                    time.advance(by: .seconds(1))
                    await time.waitForSleepers(2)
                    let through = try await store.textIndex.indexedThrough()
                    #expect(through == Position(rawValue: Int64(round)))
                }
                group.cancelAll()
            }
        }
    }

    @Test func `a checkpoint moves the log into the file, and past its bound begins it anew`() async throws {
        var options = StoreOptions.forTests
        options.maximumLogPages = 1_500
        try await withStore(options: options) { store in
            let probe = StoreProbe(store)
            let pad = String(repeating: "x", count: 3_000)
            func commit(_ count: Int) async throws {
                for _ in 0..<count / 100 {
                    try await probe.commit((0..<100).map { _ in StoreProbe.event("", content: #"{"pad":"\#(pad)"}"#) })
                }
            }
            try await commit(100)
            let small = store.checkpointer.logSize.pages
            try await store.tidy()
            #expect(store.checkpointer.logSize.pages == small)
            try await commit(2_000)
            #expect(store.checkpointer.logSize.pages > 1_500)
            try await store.tidy()
            func fileSize() throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: store.file.path + "-wal")[.size] as? Int
            }
            let size = try fileSize()
            try await commit(100)
            #expect(store.checkpointer.logSize.pages < 500)
            try #expect(fileSize() == size, "Written from its beginning again.")
            #expect(try await probe.log().count == 2_200)
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `under a load that never pauses the log is begun anew all the same`() async throws {
        var options = StoreOptions.forTests
        options.maximumLogPages = 2_000
        try await withStore(options: options) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Two writers, so that one commit always waits for the other.
                for _ in 0..<2 {
                    group.addTask {
                        let content = #"{"pad":"\#(String(repeating: "x", count: 3_000))"}"#
                        while !Task.isCancelled {
                            let events = (0..<50).map { _ in StoreProbe.event("", content: content) }
                            try await StoreProbe(store).commit(events)
                        }
                    }
                }
                let clock = ContinuousClock()
                let deadline = clock.now + .seconds(90)
                // Each time the log is past its bound, it is soon at its beginning.
                for _ in 0..<3 {
                    while store.checkpointer.logSize.pages <= 2_000, clock.now < deadline {
                        try await clock.sleep(for: .milliseconds(5))
                    }
                    try await store.tidy()
                    while store.checkpointer.logSize.pages > 1_500, clock.now < deadline { try await store.tidy() }
                }
                #expect(clock.now < deadline)
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }
}
