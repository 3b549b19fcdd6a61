import MartletClient
import MartletJSON
import MartletPipeline
import Testing

@testable import MartletHTTP

struct ProblemTests {
    @Test func `each problem has a code of its own and an error's status`() {
        let entries = ProblemCode.all
        #expect(Set(entries.map(\.code)).count == entries.count)
        #expect(entries.allSatisfy { (400..<600).contains($0.status) && !$0.title.isEmpty })
    }

    @Test func `a problem document says what, where and what about it`() throws {
        let problem = Problem(
            .notJSON,
            "line 2, column 3: \"x\"",
            instance: "/v1/sources/prod",
            place: Problem.Place(line: 2, column: 3, offset: 17)
        )
        var writer = JSONWriter()
        problem.write(into: &writer)
        let document = try JSONDocument(parsing: writer.bytes).root
        #expect(document["type"]?.string == "urn:martlet:problem:not-json")
        #expect(document["status"]?.integer == 400)
        #expect(document["offset"]?.integer == 17)
        #expect(Problem(document) == problem)
    }

    @Test func `a document without a code is known by its type`() throws {
        let document = try JSONDocument(parsing: #"{"type":"urn:martlet:problem:stopping","title":"Later"}"#).root
        #expect(Problem(document)?.code == .stopping)
        #expect(Problem(try JSONDocument(parsing: #"{"type":"about:blank"}"#).root) == nil)
    }

    @Test(arguments: [
        (StoreError(.full, "no space") as any Error, ProblemCode.storeFull),
        (StoreError(.damaged, "page 7"), .internal),
        (IntakeError(.overloaded, "too much"), .overloaded),
        (IntakeError(.stopped, "stopping"), .stopping),
        (CancellationError(), .stopping),
    ])
    func `what goes wrong inside is told by code`(_ error: any Error, _ code: ProblemCode) {
        #expect(Problem(describing: error).code == code)
    }
}
