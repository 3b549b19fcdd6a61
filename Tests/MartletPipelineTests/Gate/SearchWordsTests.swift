import Martlet
import MartletPipeline
import Testing

/// Promise 9: what is hidden is no hit.
@Suite struct SearchWordsTests {
    private var record: ResourceRecord {
        var record = GateSample.record(
            "VirtualMachine",
            details:
                #"{"displayname":"Web Größe 01","nic":[{"ip":"10.1.2.3"}],"hidden":"treasure chest","n":"{\"hidden\":\"pearl\"}"}"#
        )
        record.name = "Billing-Database"
        record.relations = ["zone": ["z-77"], "host": ["h-99"]]
        return record
    }

    private var gate: Gate {
        get throws { Gate(Protection(audience: .user, drop: [try FieldPattern("hidden")], mask: [])) }
    }

    @Test(arguments: [
        "billing", "BILLING-DATABASE", "billing-data", "r-1", "virtualmachine", "größe", "grÖßE", "web 10.1.2.3",
        "10.1.2",
        "z-77", "database web", "01",
    ])
    func `what may be seen is found, as the index of texts finds it`(text: String) throws {
        let words = try #require(SearchWords(text))
        #expect(try gate.shows(words, in: record))
    }

    @Test(arguments: [
        "treasure", "treasure chest", "pearl", "web treasure", "h-99", "nova-compute", "billing-database treasure",
    ])
    func `what is hidden is not found, alone or beside what is not`(text: String) throws {
        let words = try #require(SearchWords(text))
        let gate = Gate(
            Protection(audience: .user, drop: [try FieldPattern(#"(^|\.)hidden$"#)], mask: [])
        )
        #expect(!gate.shows(words, in: record))
        if !text.contains("nova") { #expect(Gate().shows(words, in: record)) }
    }

    @Test func `a word of several parts is found within one value only`() throws {
        let record = GateSample.record("VirtualMachine", details: #"{"a":"web","b":"01"}"#)
        #expect(!Gate().shows(try #require(SearchWords("web-01")), in: record))
        #expect(Gate().shows(try #require(SearchWords("web 01")), in: record))
    }

    @Test(arguments: ["", "  ", "--- \"*\""])
    func `nothing to look for finds nothing`(text: String) { #expect(SearchWords(text) == nil) }
}
