import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

@Suite struct LookupTests {
    private static func rows(
        _ text: String,
        key: String = "tenantid",
        columns: [String]? = nil
    ) throws(LookupContent.Failure) -> [String: [String: String]] {
        try LookupContent(key: key, columns: columns).rows(of: Array(text.utf8))
    }

    private static func failure(_ text: String, columns: [String]? = nil) -> String? {
        do throws(LookupContent.Failure) {
            _ = try rows(text, columns: columns)
            return nil
        } catch {
            return error.reason
        }
    }

    private static let expected = ["p1": ["costcentre": "17", "owner": "Ops, \"EU\""], "p2": ["costcentre": "4"]]

    @Test(arguments: [
        "tenantid,costcentre,owner\np1,17,\"Ops, \"\"EU\"\"\"\np2,4,\n",
        "owner;tenantid;costcentre\r\n\"Ops, \"\"EU\"\"\";p1;17\r\n\r\n;p2;4",
        "\u{FEFF}tenantid\tcostcentre\towner\np1\t17\t\"Ops, \"\"EU\"\"\"\np2\t4\t",
        #"[{"tenantid": "p1", "costcentre": 17, "owner": "Ops, \"EU\""}, {"tenantid": "p2", "costcentre": "4", "owner": null}]"#,
        #"{"p1": {"costcentre": 17, "owner": "Ops, \"EU\""}, "p2": {"costcentre": "4"}}"#,
    ]) func `a table is read in CSV as any spreadsheet writes it, and in JSON`(_ text: String) throws {
        #expect(try Self.rows(text) == Self.expected)
    }

    @Test func `a cell in quotes may hold line breaks, and lines are counted on`() throws {
        let text = "tenantid,note\np1,\"one\ntwo\"\np2,x\np2,y"
        #expect(Self.failure(text) == "line 5 has the tenantid “p2” again: one row for each")
        #expect(try Self.rows("tenantid,note\np1,\"one\ntwo\"")["p1"] == ["note": "one\ntwo"])
    }

    @Test func `a separator in quotes parts nothing, in the first line neither`() throws {
        let text = "\"owner; \"\"deputy\"\"\",tenantid\n\"a;b\",p1"
        #expect(try Self.rows(text) == ["p1": ["owner; \"deputy\"": "a;b"]])
    }

    @Test func `only the columns that are named are joined`() throws {
        let text = "tenantid,a,b,c\np1,1,2,3"
        #expect(try Self.rows(text, columns: ["c", "a"]) == ["p1": ["a": "1", "c": "3"]])
        #expect(try Self.rows(#"[{"tenantid": "p1", "a": 1, "b": 2}]"#, columns: ["b"]) == ["p1": ["b": "2"]])
    }

    @Test(arguments: [
        ("", "it is empty: the first line names columns"),
        ("project,a\np1,1", "it has no column “tenantid”: there are project, a"),
        ("tenantid,a\np1", "line 2 has 1 cells where the first line names 2"),
        ("tenantid,a\np1,1,2", "line 2 has 3 cells where the first line names 2"),
        ("tenantid,a\n,1", "line 2 has no tenantid"),
        ("tenantid,a\np1,\"1", "line 2 has a quotation mark that is never closed"),
        ("tenantid,a\n\"p1\"x,1", "line 2 has something behind a closing quotation mark"),
        (#"[{"a": 1}]"#, "row 1 is no object with a member “tenantid”"),
        ("[1]", "row 1 is no object with a member “tenantid”"),
        (#"{"p1": 1}"#, "p1 is no object of columns"),
        (#"{"p1": {"a": []}}"#, "p1: “a” is neither text, number nor truth value"),
        (#"[{"tenantid": "p1"}, {"tenantid": "p1"}]"#, "row 2 has the tenantid “p1” again: one row for each"),
    ]) func `what is no table is told with its place`(_ text: String, _ reason: String) {
        #expect(Self.failure(text) == reason)
    }

    @Test func `a column that is not there is told with those that are`() {
        #expect(
            Self.failure("tenantid,a\np1,1", columns: ["costcentre"])
                == "it has no column “costcentre”: there are tenantid, a"
        )
        #expect(Self.failure("[")?.hasPrefix("line 1, column") == true)
    }

    @Test func `settings make a table of a file`() throws {
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "costs.csv")
        try Data("project,costcentre\np1,17\n".utf8).write(to: file)
        let settings: [String: ComponentSettings.Value] = [
            "file": .string(file.path), "key": .string("tenantid"), "key-column": .string("project"),
            "audience": .string("user"), "clouds": .strings(["prod"]),
        ]
        let table = try LookupEnricher.table(ComponentSettings(settings))
        #expect(table.key == .tenantID && table.audience == .user && table.clouds == ["prod"])
        #expect(table.rows == ["p1": ["costcentre": "17"]])

        func failure(_ field: String, _ value: String?) -> ComponentError? {
            var settings = settings
            settings[field] = value.map { .string($0) }
            return #expect(throws: ComponentError.self) { try LookupEnricher.table(ComponentSettings(settings)) }
        }
        #expect(failure("file", nil)?.field == "file")
        #expect(failure("file", "\(file.path).not")?.description.contains("\(file.path).not cannot be read") == true)
        #expect(failure("key", "tenantId")?.description.contains("did you mean “tenantid”") == true)
        #expect(failure("key-column", "owner")?.description.contains("no column “owner”") == true)
        let zone = try LookupEnricher.table(
            ComponentSettings(["file": .string(file.path), "key": .string("zone"), "key-column": .string("project")])
        )
        #expect(zone.key == .relation("zone") && zone.audience == .admin && zone.clouds == nil)
    }
}
