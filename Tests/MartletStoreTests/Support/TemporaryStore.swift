import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// A directory of its own for a test, removed at its end.
func withTemporaryDirectory(_ body: @Sendable (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-store-\(UUID())").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    do {
        try await body(directory)
    } catch {
        try FileManager.default.removeItem(atPath: directory)
        throw error
    }
    try FileManager.default.removeItem(atPath: directory)
}

/// Opens a store, lends it and closes it.
func withStore(
    at directory: String,
    options: StoreOptions = .forTests,
    _ body: @Sendable (SQLiteEventStore) async throws -> Void
) async throws {
    let store = try await openForTests(directory, options)
    do {
        try await body(store)
    } catch {
        try await store.close()
        throw error
    }
    try await store.close()
}

/// Opens a store that may have been closed a moment ago: a process that another test is starting then has all descriptors of
/// this one until it runs, and the lock's among them.
private func openForTests(_ directory: String, _ options: StoreOptions) async throws -> SQLiteEventStore {
    var store: SQLiteEventStore?
    try await eventually("nobody has the store in \(directory) open") {
        do {
            store = try await SQLiteEventStore.open(at: directory, options: options)
            return true
        } catch let error as StoreError where error.code == .locked {
            return false
        }
    }
    return try #require(store)
}

/// A store in a directory of its own.
func withStore(
    options: StoreOptions = .forTests,
    _ body: @Sendable (SQLiteEventStore) async throws -> Void
) async throws {
    try await withTemporaryDirectory { try await withStore(at: $0 + "/data", options: options, body) }
}

extension StoreOptions {
    /// No test cuts the power, so none needs to wait for the disk.
    static var forTests: StoreOptions {
        var options = StoreOptions()
        options.durability = .relaxed
        options.time = ManualTime()
        return options
    }
}

extension EventStoreConformance {
    /// The suite for a store with these options.
    init(options: StoreOptions = .forTests) {
        self.init(
            catchUp: { store in try await #require(store as? SQLiteEventStore).indexText() },
            withStore: { body in try await MartletStoreTests.withStore(options: options) { try await body($0) } }
        )
    }
}

func removeFile(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
