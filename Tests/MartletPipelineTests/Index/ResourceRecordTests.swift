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
}
