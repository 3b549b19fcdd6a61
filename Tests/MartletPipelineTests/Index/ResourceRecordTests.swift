import Martlet
import MartletPipeline
import Testing

@Suite struct ResourceRecordTests {
    private static let record = ResourceRecord(
        key: ResourceKey(rawValue: 1),
        cloud: "c",
        type: "VirtualMachine",
        id: "v",
        publisher: "p"
    )

    @Test(
        arguments: [
            { $0.latest = Position(rawValue: 9) }, { $0.name = "heron" }, { $0.state = "Running" },
            { $0.tenantID = "t" },
            { $0.isOwnerConfirmed = true }, { $0.domainID = "d" }, { $0.relations["host"] = ["h"] },
            { $0.details = Array("{}".utf8)[...] }, { $0.updated = Timestamp(seconds: 1) }, { $0.publisher = "other" },
            { $0.position = Position(rawValue: 9) }, { $0.deleted = Timestamp(seconds: 1) },
            { $0.enriched = Timestamp(seconds: 1) },
        ] as [@Sendable (inout ResourceRecord) -> Void]
    )
    func `what is changed in a record is its own, and tells it from its copies`(
        _ change: @Sendable (inout ResourceRecord) -> Void
    ) {
        let original = ResourceRecordTests.record
        let copy = original
        var changed = original
        #expect(changed == original)
        change(&changed)
        #expect(changed != original)
        #expect(copy == original)
        var again = original
        change(&again)
        #expect(again == changed)
        #expect(Set([original, copy, changed, again]).count == 2)
    }

    @Test func `a document that was read is given out as it stands until the record is changed`() throws {
        let text = #"{"name": "heron", "publisher":"p","details":{"cpu" : 2}}"#
        let record = try ResourceRecord(
            document: Array(text.utf8)[...],
            key: ResourceKey(rawValue: 1),
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            position: Position(rawValue: 1),
            latest: Position(rawValue: 1)
        )
        #expect(String(decoding: record.document, as: UTF8.self) == text)
        var changed = record
        changed.latest = Position(rawValue: 2)
        #expect(
            String(decoding: changed.document, as: UTF8.self) == text,
            "the document does not say which event is the latest"
        )
        changed.name = "gannet"
        let anew = #"{"name":"gannet","publisher":"p","details":{"cpu" : 2}}"#
        #expect(String(decoding: changed.document, as: UTF8.self) == anew)
        #expect(String(decoding: record.document, as: UTF8.self) == text)

        var made = ResourceRecordTests.record
        (made.name, made.details) = (record.name, record.details)
        (made.position, made.latest) = (record.position, record.latest)
        #expect(made == record, "what it was read from is no part of what it says")
    }
}
