import MartletClient
import Testing

@testable import MartletHTTP

struct BodySplitterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var body: String
        var mediaType = "application/json"
        var hasTopic = false
        /// What each item is: its text, or its reason.
        var items: [String]

        var testDescription: String { name }
    }

    static let readable = [
        Case(name: "an object", body: #" {"a":1} "#, items: [#"{"a":1}"#]),
        Case(name: "an object over several lines", body: "{\n\"a\":\n1}", items: ["{\n\"a\":\n1}"]),
        Case(name: "an array", body: #"[{"a":1}, 2,{"b":2}]"#, items: [#"{"a":1}"#, "2", #"{"b":2}"#]),
        Case(name: "an empty array", body: "[]", items: []),
        Case(name: "null with a topic", body: "null", hasTopic: true, items: ["null"]),
        Case(name: "lines that nobody announced", body: "{\"a\":1}\n{\"b\":2}\n", items: [#"{"a":1}"#, #"{"b":2}"#]),
        Case(
            name: "lines with carriage returns and blank ones",
            body: "{\"a\":1}\r\n\r\n  \n{\"b\":2}\r\n",
            items: [#"{"a":1}"#, #"{"b":2}"#]
        ),
        Case(
            name: "lines of which half are objects",
            body: "{\"a\":1}\n{\"b\":\n",
            items: [#"{"a":1}"#, "line 2, column 6: the text ends too early"]
        ),
        Case(
            name: "lines that are announced, few of which are objects",
            body: "{\"a\":1}\nx\ny\n\nz",
            mediaType: "application/x-ndjson",
            items: [
                #"{"a":1}"#, "line 2, column 1: a value is expected here", "line 3, column 1: a value is expected here",
                "line 5, column 1: a value is expected here",
            ]
        ),
        Case(
            name: "an announced line that is alone",
            body: "{\"a\":1}\n",
            mediaType: "application/jsonl",
            items: [#"{"a":1}"#]
        ),
    ]

    @Test(arguments: readable)
    func `a body that can be read becomes its items`(_ given: Case) throws {
        let splitter = BodySplitter(mediaType: given.mediaType, hasTopic: given.hasTopic)
        let items = try splitter.split(Array(given.body.utf8)[...])
        #expect(items.map { $0.reason ?? String(decoding: $0.bytes, as: UTF8.self) } == given.items)
        #expect(items.allSatisfy { ($0.json == nil) == ($0.reason != nil) })
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var body: String
        var mediaType = "application/json"
        var line: Int?
        var column: Int?

        var testDescription: String { name }
    }

    static let unreadable = [
        Refusal(name: "nothing", body: "", line: 1, column: 1),
        Refusal(name: "an object that is cut short", body: "{\"a\":\n 1,", line: 2, column: 4),
        Refusal(name: "an array that is cut short", body: #"[{"a":1},"#, line: 1, column: 10),
        Refusal(name: "text", body: "hello", line: 1, column: 1),
        Refusal(name: "a number", body: "17"),
        Refusal(name: "a string", body: #""x""#),
        Refusal(name: "null without a topic", body: "null"),
        Refusal(name: "lines of which too few are objects", body: "{\"a\":1}\nx\ny", line: 2, column: 1),
        Refusal(
            name: "announced lines of which none is JSON",
            body: "x\ny",
            mediaType: "application/x-ndjson",
            line: 1,
            column: 1
        ),
    ]

    @Test(arguments: unreadable)
    func `a body that cannot be read is refused with the place of the mistake`(_ given: Refusal) {
        let problem = #expect(throws: Problem.self) {
            try BodySplitter(mediaType: given.mediaType).split(Array(given.body.utf8)[...])
        }
        #expect(problem?.code == .notJSON)
        #expect(problem?.place?.line == given.line)
        #expect(problem?.place?.column == given.column)
    }

    @Test(arguments: ["[" + String(repeating: "0,", count: 100_000) + "0]", String(repeating: "{}\n", count: 100_001)])
    func `a body of more items than memory should hold is refused`(_ body: String) {
        let problem = #expect(throws: Problem.self) { try BodySplitter().split(Array(body.utf8)[...]) }
        #expect(problem?.code == .bodyTooLarge)
    }
}
