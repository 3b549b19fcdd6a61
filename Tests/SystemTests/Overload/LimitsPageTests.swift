import Foundation
import Testing

/// The page of limits promises a test for each.
@Suite struct LimitsPageTests {
    @Test func `each limit of the page has the test that it names`() throws {
        let page = try String(contentsOf: Server.root.appending(path: "docs/reference/limits.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| bound") }
        #expect(rows.count > 20)
        let tests = try Self.names()
        for row in rows {
            let columns = row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            #expect(columns.count == 5, "\(row)")
            let names = columns.last.map { $0.split(separator: "`").filter { !Self.isBetween($0) } } ?? []
            #expect(!names.isEmpty, "no test: \(row)")
            for name in names { #expect(tests.contains(String(name)), "There is no test “\(name)”.") }
        }
    }

    /// What stands between two names.
    private static func isBetween(_ text: Substring) -> Bool { text.allSatisfy { $0 == " " || $0 == "," } }

    /// The names of all tests.
    private static func names() throws -> Set<String> {
        let folder = Server.root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var names: Set<String> = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for part in text.split(separator: "func `").dropFirst() {
                if let name = part.split(separator: "`").first { names.insert(String(name)) }
            }
        }
        return names
    }
}
