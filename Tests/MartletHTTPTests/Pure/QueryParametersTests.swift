import Martlet
import MartletClient
import Testing

@testable import MartletHTTP

struct QueryParametersTests {
    private static let now = Timestamp("2026-01-30T12:00:00Z") ?? Timestamp(seconds: 0)

    @Test func `names and values are decoded, and a name may come again`() throws {
        let query = try QueryParameters("match=a.%23&match=b+c&empty=&flag&x%79=%C3%A9")
        #expect(query.texts("match") == ["a.#", "b c"])
        #expect(try query.text("empty") == nil)
        #expect(try query.text("flag") == nil)
        #expect(try query.text("xy") == "é")
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff"])
    func `what is not percent-encoded is refused by name`(_ query: String) {
        let problem = #expect(throws: Problem.self) { try QueryParameters(query) }
        #expect(problem?.parameter == "a")
    }

    @Test(arguments: ["0", "1001", "-1", "ten", "1.5", "99999999999999999999"])
    func `a limit out of its range is refused by name`(_ text: String) throws {
        let query = try QueryParameters("limit=\(text)")
        let problem = #expect(throws: Problem.self) { try query.limit() }
        #expect(problem?.code == .invalidParameter)
        #expect(problem?.parameter == "limit")
    }

    @Test func `a limit is 100 where nothing is said`() throws {
        #expect(try QueryParameters(nil).limit() == 100)
        #expect(try QueryParameters("limit=7").limit() == 7)
    }

    @Test func `a parameter that may be given once is not chosen from two`() throws {
        let query = try QueryParameters("limit=1&limit=2")
        let problem = #expect(throws: Problem.self) { try query.limit() }
        #expect(problem?.parameter == "limit")
    }

    @Test(arguments: [
        ("2026-01-30T11:00:00Z", "2026-01-30T11:00:00Z"), ("2026-01-30T13:00:00%2B02:00", "2026-01-30T11:00:00Z"),
        ("2026-01-30T13:00:00+02:00", "2026-01-30T11:00:00Z"), ("90s", "2026-01-30T11:58:30Z"),
        ("30m", "2026-01-30T11:30:00Z"), ("1h", "2026-01-30T11:00:00Z"), ("2d", "2026-01-28T12:00:00Z"),
    ])
    func `a moment is a time or a duration back from now`(_ text: String, _ expected: String) throws {
        let moment = try QueryParameters("since=\(text)").moment("since", now: QueryParametersTests.now)
        #expect(moment?.description == expected)
    }

    @Test(arguments: ["yesterday", "1w", "-1h", "1.5h", "h", "2026-01-30", "99999999999999d"])
    func `what is no moment is refused by name`(_ text: String) throws {
        let query = try QueryParameters("since=\(text)")
        let problem = #expect(throws: Problem.self) { try query.moment("since", now: QueryParametersTests.now) }
        #expect(problem?.parameter == "since")
    }

    @Test(arguments: ["match=a.%23b", "Cloud=x", "wait=31", "after=x", "body=none", "limit=0", "resource-id=1"])
    func `a query for events says which parameter is wrong`(_ text: String) throws {
        let parameters = try QueryParameters(text)
        let problem = #expect(throws: Problem.self) { try EventQuery(parameters, now: QueryParametersTests.now) }
        #expect(problem?.parameter == text.split(separator: "=").first.map(String.init))
    }

    @Test(arguments: [
        (#"{"ids":["1","2","1",3]}"#, Selection.ids([1, 2, 3])), (#"{"all":true}"#, .all),
        (#"{"source":"prod"}"#, .source("prod")),
    ])
    func `a selection is ids, a source or everything`(_ body: String, _ expected: MartletHTTP.Selection) throws {
        #expect(try Selection(Array(body.utf8), takesSource: true) == expected)
    }

    @Test func `more ids than a command may have are refused`() throws {
        func body(_ count: Int) -> [UInt8] {
            Array(#"{"ids":[\#((1...count).map(String.init).joined(separator: ","))]}"#.utf8)
        }
        #expect(try Selection(body(Selection.maximumIDs)) == .ids((1...10_000).map { Int64($0) }))
        let problem = #expect(throws: Problem.self) { try Selection(body(Selection.maximumIDs + 1)) }
        #expect(problem?.parameter == "ids")
    }

    @Test(arguments: [
        "{}", #"{"all":false}"#, #"{"ids":"1"}"#, #"{"ids":["x"]}"#, #"{"ids":[],"all":true}"#, "[]", "x", "",
        #"{"ids":["0"]}"#, #"{"ids":[-1]}"#, #"{"ids":["-9223372036854775808"]}"#, #"{"ids":[-9223372036854775808]}"#,
        #"{"ids":["9223372036854775808"]}"#, #"{"ids":[1.0]}"#, #"{"ids":[null]}"#,
    ])
    func `anything else selects nothing`(_ body: String) {
        #expect(throws: Problem.self) { try Selection(Array(body.utf8), takesSource: true) }
    }
}
