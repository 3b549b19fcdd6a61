import Foundation
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletStore

/// One process at a time writes to a store, and who waits gets its turn.
struct DirectoryLockTests {
    @Test func `who comes second is told who has the store, and what to do`() async throws {
        try await withTemporaryDirectory { directory in
            let lock = try DirectoryLock(directory: directory)
            let error = try #require(throws: StoreError.self) { try DirectoryLock(directory: directory) }
            #expect(error.code == .locked)
            #expect(error.reason.contains("process \(ProcessInfo.processInfo.processIdentifier) on "), "\(error)")
            #expect(error.reason.contains("--standby"), "\(error)")
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `a lock that is granted twice is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let error = try #require(throws: StoreError.self) {
                try DirectoryLock(directory: directory) { _ in 0 }
            }
            #expect(error.code == .unsafePlace)
            #expect(error.reason.contains("local disk"), "\(error)")
        }
    }

    @Test func `one that waits takes the lock when the other lets go of it`() async throws {
        try await withTemporaryDirectory { directory in
            let time = ManualTime()
            let first = Mutex<DirectoryLock?>(try DirectoryLock(directory: directory))
            let holders = Mutex<[String]>([])
            async let second = DirectoryLock.wait(for: directory, time: time) { holder in
                holders.withLock { $0.append(holder) }
            }
            for _ in 0..<3 {
                await time.waitForSleepers()
                time.advance(by: .seconds(1))
            }
            await time.waitForSleepers()
            #expect(holders.withLock { $0.count } == 1, "It is said once.")
            #expect(holders.withLock { $0.first?.contains("process ") } == true)
            first.withLock { $0 = nil }
            time.advance(by: .seconds(1))
            let lock = try await second
            #expect(throws: StoreError.self) { try DirectoryLock(directory: directory) }
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `one that waits can be told to stop`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try DirectoryLock(directory: directory)
            let time = ManualTime()
            await withThrowingTaskGroup { group in
                group.addTask { _ = try await DirectoryLock.wait(for: directory, time: time) { _ in } }
                await time.waitForSleepers()
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            withExtendedLifetime(first) {}
        }
    }
}
