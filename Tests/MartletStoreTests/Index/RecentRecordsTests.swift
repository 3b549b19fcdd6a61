import Martlet
import MartletPipeline
import Testing

@testable import MartletStore

struct RecentRecordsTests {
    private func record(_ key: Int64) -> ResourceRecord {
        ResourceRecord(key: ResourceKey(rawValue: key), cloud: "c", type: "t", id: "\(key)", publisher: "p")
    }

    @Test func `what is used stays, what is not goes, and the number is bounded`() {
        var recent = RecentRecords(capacity: 10)
        for key in 0..<100 as Range<Int64> {
            recent.keep(record(key))
            #expect(recent.record(for: 0)?.id == "0")
            #expect(recent.count <= 10)
        }
        #expect(recent.record(for: 99)?.id == "99")
        #expect(recent.record(for: 50) == nil)
    }

    @Test func `a record that is kept again is the newer one`() {
        var recent = RecentRecords(capacity: 4)
        var newer = record(1)
        recent.keep(newer)
        for key in 2...3 as ClosedRange<Int64> { recent.keep(record(key)) }
        newer.name = "new"
        recent.keep(newer)
        #expect(recent.record(for: 1)?.name == "new")
    }
}
