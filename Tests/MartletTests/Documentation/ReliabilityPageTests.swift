import Foundation
import Testing

/// What `docs/RELIABILITY.md` says keeps the promises is there.
@Suite struct ReliabilityPageTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The page with its line breaks as blanks, and what is bold between § signs.
    private static func page() throws -> String {
        let text = try String(contentsOf: root.appending(path: "docs/RELIABILITY.md"), encoding: .utf8)
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("**", with: "§")
    }

    /// The names of tests in a part of the page.
    private static func tests(in text: some StringProtocol) -> [String] {
        String(text).matches(of: /\*([^*§ ][^*§]{8,})\*/).map { String($0.1) }
    }

    /// The names of all tests, and of the clauses of the conformance suites.
    private static func names() throws -> Set<String> {
        var names: Set<String> = []
        for folder in ["Tests", "Sources/MartletTesting"] {
            let files = FileManager.default.enumerator(
                at: root.appending(path: folder),
                includingPropertiesForKeys: nil
            )
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift" else { continue }
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /func `([^`]+)`/) { names.insert(String(match.1)) }
                for match in text.matches(of: /Self\("([^"]+)"/) { names.insert(String(match.1)) }
            }
        }
        return names
    }

    @Test func `every test that the page on reliability names is there`() throws {
        let names = try Self.names()
        let named = Self.tests(in: try Self.page())
        #expect(named.count > 40, "The page names tests.")
        for name in named { #expect(names.contains(name), "There is no test “\(name)”.") }
    }

    @Test func `the page on reliability has a word on each promise`() throws {
        let page = try Self.page()
        for number in 1...13 {
            let begin = try #require(page.firstRange(of: "§\(number). "), "Promise \(number) is missing.")
            let rest = page[begin.upperBound...]
            let end = rest.firstRange(of: "§\(number + 1). ") ?? rest.firstRange(of: "## ")
            let part = rest[..<(try #require(end).lowerBound)]
            #expect(!Self.tests(in: part).isEmpty, "Promise \(number) names no test.")
        }
    }
}
