import GRDB
import Logging
import Martlet
import MartletPipeline

/// The writer's side of the index: the records that a transaction touches, each read once and written once.
///
/// What a transaction changes becomes part of what is remembered when it has been committed, so a rollback has nothing to
/// undo.
struct ResourceTable {
    private struct Touched {
        var record: ResourceRecord
        /// Something besides the head of the time line has changed.
        var isShaped = false
    }

    private let naming: ResourceNaming
    private let logger: Logger
    private var recent: RecentRecords
    private var touched: [Touched] = []
    /// Where in `touched` a key is.
    private var places: [Int64: Int] = [:]
    /// The clouds that the index has resources of, and those that the transaction under way adds.
    private var clouds: Set<String> = []
    private var newClouds: Set<String> = []
    private let selection: RawStatement
    private let insertion: RawStatement
    private let relinking: RawStatement
    private let cloudInsertion: RawStatement

    init(_ database: Database, naming: ResourceNaming, cachedRecords: Int, logger: Logger) throws {
        self.naming = naming
        self.logger = logger
        recent = RecentRecords(capacity: cachedRecords)
        selection = try RawStatement(
            keeping: "SELECT \(ResourceRow.columns) FROM resources WHERE key = ?",
            on: database
        )
        insertion = try RawStatement(
            keeping: ResourceRow.insertion,
            on: database
        )
        cloudInsertion = try RawStatement(keeping: "INSERT OR IGNORE INTO clouds(cloud) VALUES(?)", on: database)
        relinking = try RawStatement(keeping: "UPDATE resources SET latest = ?2 WHERE key = ?1", on: database)
        try RawStatement(database, "SELECT cloud FROM clouds").forEach { row in
            clouds.insert(row.text(0))
            return true
        }
    }

    /// Lets `body` change the record of a resource, a new one where the index has none.
    mutating func update<Result>(
        _ resource: ResourceReference,
        cloud: String,
        publisher: String,
        _ body: (inout ResourceRecord) -> Result
    ) throws -> Result {
        let place = try place(of: resource, cloud: cloud, publisher: publisher)
        guard !touched[place].isShaped else { return body(&touched[place].record) }
        var before = touched[place].record
        let result = body(&touched[place].record)
        // Everything but the head of the time line.
        before.latest = touched[place].record.latest
        touched[place].isShaped = before.position == .zero || before != touched[place].record
        return result
    }

    /// The record of a resource as the transaction has it so far; `nil` where the index has none. Nothing is written for it.
    mutating func record(of resource: ResourceReference, cloud: String) throws -> ResourceRecord? {
        var key = naming.firstKey(cloud: cloud, type: resource.type, id: resource.id)
        while true {
            let found: ResourceRecord
            if let place = places[key] {
                found = touched[place].record
            } else if let known = try recent.record(for: key) ?? read(key) {
                recent.keep(known)
                found = known
            } else {
                return nil
            }
            if found.id == resource.id, found.type == resource.type, found.cloud == cloud { return found }
            key = naming.nextKey(after: key)
        }
    }

    /// Writes what has been touched.
    mutating func flush() throws {
        // In the order of the keys, which is the order of the pages.
        for (_, place) in places.sorted(by: { $0.key < $1.key }) { try write(touched[place]) }
        for cloud in newClouds {
            cloudInsertion.bind(1, cloud)
            try cloudInsertion.run()
        }
    }

    /// Forgets a record that leaves the index.
    mutating func forget(_ key: Int64) { recent.forget(key) }

    /// - Returns: the keys of those whose documents have changed.
    mutating func commit() -> [Int64] {
        var shaped: [Int64] = []
        for touched in touched {
            if touched.isShaped { shaped.append(touched.record.key.rawValue) }
            recent.keep(touched.record)
        }
        clouds.formUnion(newClouds)
        rollBack()
        return shaped
    }

    mutating func rollBack() {
        touched.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        newClouds.removeAll(keepingCapacity: true)
    }

    private mutating func place(of resource: ResourceReference, cloud: String, publisher: String) throws -> Int {
        func isSame(_ record: ResourceRecord) -> Bool {
            record.id == resource.id && record.type == resource.type && record.cloud == cloud
        }
        var key = naming.firstKey(cloud: cloud, type: resource.type, id: resource.id)
        while true {
            if let place = places[key] {
                if isSame(touched[place].record) { return place }
            } else if let known = try recent.record(for: key) ?? read(key) {
                if isSame(known) { return touch(known) }
                recent.keep(known)
            } else {
                if !clouds.contains(cloud) { newClouds.insert(cloud) }
                return touch(
                    ResourceRecord(
                        key: ResourceKey(rawValue: key),
                        cloud: cloud,
                        type: resource.type,
                        id: resource.id,
                        publisher: publisher
                    )
                )
            }
            key = naming.nextKey(after: key)
        }
    }

    private mutating func touch(_ record: consuming ResourceRecord) -> Int {
        places[record.key.rawValue] = touched.count
        touched.append(Touched(record: record))
        return touched.count - 1
    }

    private func read(_ key: Int64) throws -> ResourceRecord? {
        selection.bind(1, key)
        return try selection.first { try ResourceRow.recordOrBlank($0, logger: logger) }
    }

    private func write(_ touched: Touched) throws {
        let record = touched.record
        guard touched.isShaped else {
            relinking.bind(1, record.key.rawValue)
            relinking.bind(2, record.latest.rawValue)
            return try relinking.run()
        }
        insertion.bind(1, record.key.rawValue)
        insertion.bind(2, record.latest.rawValue)
        insertion.bind(3, record.position.rawValue)
        insertion.bind(4, record.deleted?.milliseconds)
        insertion.bind(5, record.cloud)
        insertion.bind(6, record.type)
        insertion.bind(7, record.id)
        insertion.bind(8, record.state)
        let document = record.makeDocument()
        try document.withUnsafeBytes { document in
            insertion.bindInPlace(9, document)
            insertion.bind(10, ResourceRow.checksum(of: record, document: document))
            try insertion.run()
        }
    }
}
