import Logging
import Martlet
import MartletJSON
import MartletTesting
import Testing

@testable import MartletPipeline

/// What tables of the operator's own say beside a resource's document.
@Suite struct LookupTableTests {
    private static let key = ResourceKey(rawValue: 1)

    private static func record(cloud: String = "prod") -> ResourceRecord {
        var record = ResourceRecord(key: key, cloud: cloud, type: "Volume", id: "v1", publisher: "/clouds/prod/ms")
        record.name = "data"
        record.tenantID = "p1"
        record.domainID = "d1"
        record.relations = ["zone": ["z0", "z1"]]
        return record
    }

    private static func context(_ tables: [LookupTable], cloud: String = "prod") async throws -> ResourceContext? {
        let enrichment = Enrichment(
            store: InMemoryEventStore(),
            time: ManualTime(),
            logger: LogCapture().logger
        )
        enrichment.configure(tables.map(EnrichmentPart.lookup))
        return try await enrichment.contexts(of: [key: record(cloud: cloud)])[key]
    }

    @Test(arguments: [
        (LookupTable.Key.id, "v1"), (.name, "data"), (.cloud, "prod"), (.tenantID, "p1"), (.domainID, "d1"),
        (.relation("zone"), "z1"),
    ]) func `a row is found by what its key says, without any enricher`(_ key: LookupTable.Key, _ value: String)
        async throws
    {
        let rows = [value: ["costcentre": "17"], "other": ["costcentre": "4"]]
        let context = try #require(await Self.context([LookupTable(key: key, rows: rows)]))
        #expect(context.lookup == ["costcentre": LookupValue(text: "17")])
        #expect(context.enrichment == nil && context.names.isEmpty)
    }

    @Test func `the first of several tables counts, and one is for its clouds only`() async throws {
        let tables = [
            LookupTable(key: .tenantID, rows: ["p1": ["a": "1"]], clouds: ["other"]),
            LookupTable(key: .tenantID, rows: ["p1": ["a": "2", "b": "2"]]),
            LookupTable(key: .id, rows: ["v1": ["b": "3", "c": "3"]]),
        ]
        #expect(try await Self.context(tables)?.lookup.mapValues(\.text) == ["a": "2", "b": "2", "c": "3"])
        #expect(try await Self.context(tables, cloud: "other")?.lookup["a"]?.text == "1")
        #expect(try await Self.context([LookupTable(key: .id, rows: [:])])?.lookup.isEmpty == true)
        #expect(try await Self.context([]) == nil)
    }

    @Test func `columns leave through the gate: tenants see what is for them, and nobody what is hidden`() throws {
        let context = ResourceContext(lookup: [
            "costcentre": LookupValue(text: "17"), "contact": LookupValue(text: "ada", audience: .user),
        ])
        func shown(_ audience: Audience, _ drop: [String] = []) throws -> String? {
            let protection = Protection(audience: audience, drop: try drop.map { try FieldPattern($0) }, mask: [])
            var writer = JSONWriter()
            Gate(protection).write(Self.record(), context: context, into: &writer)
            let root = try JSONDocument(parsing: writer.bytes).root
            return root["lookup"].map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        #expect(try shown(.admin) == #"{"contact":"ada","costcentre":"17"}"#)
        #expect(try shown(.user) == #"{"contact":"ada"}"#)
        #expect(try shown(.admin, ["lookup.contact"]) == #"{"costcentre":"17"}"#)
        #expect(try shown(.user, ["lookup.*"]) == nil)
    }
}
