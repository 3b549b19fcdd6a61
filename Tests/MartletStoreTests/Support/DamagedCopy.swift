import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// A copy of a store's directory, to be damaged and thrown away.
struct DamagedCopy {
    let directory: String

    init(of original: String, in place: String) throws {
        directory = "\(place)/copy-\(UUID())"
        try FileManager.default.copyItem(atPath: original, toPath: directory)
        try? FileManager.default.removeItem(atPath: directory + "/lock")
    }

    var file: String { directory + "/martlet.sqlite" }

    func size(of path: String? = nil) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path ?? file)
        return try #require(attributes[.size] as? Int)
    }

    /// Turns one bit over.
    func flip(bit: Int, at offset: Int, of path: String? = nil) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path ?? file))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: [byte ^ UInt8(1 << bit)])
    }

    /// Writes over a whole page, counted from 1.
    func overwrite(page: Int) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64((page - 1) * PageFile.pageSize))
        try handle.write(contentsOf: [UInt8](repeating: 0xA5, count: PageFile.pageSize))
    }

    func remove() throws { try FileManager.default.removeItem(atPath: directory) }

    /// What the store holds, as its readers see it.
    func contents() async throws -> StoreContents {
        let store = try await SQLiteEventStore.open(at: directory, options: .forTests)
        do {
            let contents = try await StoreContents(store)
            try await store.close()
            return contents
        } catch {
            try await store.close()
            throw error
        }
    }
}

/// Everything that readers can see of a store.
struct StoreContents {
    var events: [Int64: String] = [:]
    var resources: [String: ResourceRecord] = [:]
    var timelines: [String: [Int64]] = [:]
    var forwarders: [String: ForwarderStatus] = [:]
    var deadLetters: Int
    var quarantined: Int
    var checkpoint: String?

    init(_ store: SQLiteEventStore) async throws {
        for stored in try await store.page(after: .zero, limit: .max, maximumBytes: .max) {
            let event = stored.event
            // The store's own alerts come and go with repairs.
            guard event.cloud == "prod" else { continue }
            events[stored.position.rawValue] =
                "\(event.id) \(event.topic) \(event.source) \(event.resource?.id ?? "") "
                + String(decoding: event.payload.original, as: UTF8.self)
        }
        for number in 0..<60 {
            let found = try await store.resources(type: "VirtualMachine", id: "vm-\(number)", cloud: "prod")
            guard let record = found.first else { continue }
            resources[record.id] = record
            timelines[record.id] = try await store.timeline(of: record.key, before: nil, limit: .max)
                .map(\.position.rawValue)
        }
        for status in try await store.forwarderStatuses() { forwarders[status.name] = status }
        deadLetters = try await store.deadLetters(forwarder: nil, after: 0, limit: 1_000).count
        quarantined = try await store.quarantined(source: nil, after: 0, limit: 1_000).count
        checkpoint = try await store.checkpoint(source: "kafka", key: "topic/0")
    }
}
