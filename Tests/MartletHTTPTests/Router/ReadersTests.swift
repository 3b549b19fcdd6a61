import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

/// Promise 9: who may only read reads through the gate, and may not ask for what it hides.
struct ReadersTests {
    private static let token = "a-reader-s-token-of-32-characters"
    private static let other = "another-token-of-the-same-reader"

    private static func reader(_ protection: Protection) -> HTTPInterface.Reader {
        let hashes = [token, other].map { token in
            SHA256.hash(data: Data(token.utf8)).map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        }
        return HTTPInterface.Reader(name: "noc", tokenHashes: hashes, gate: Gate(protection))
    }

    private static func protection() throws -> Protection {
        Protection(
            audience: .user,
            drop: [try FieldPattern("(?i)secret"), try FieldPattern("tenantid"), try FieldPattern("state")],
            mask: [try FieldPattern("(^|\\.)mask$")]
        )
    }

    private static func with(
        _ protection: Protection? = nil,
        _ body: (APIHarness) async throws -> Void
    ) async throws {
        try await APIHarness.run(readers: [reader(try protection ?? Self.protection())]) { api in
            for number in 1...3 {
                let event = """
                    {"specversion":"1.0","id":"\(number)","source":"/test","type":"org.example.start",\
                    "resourcetype":"VirtualMachine","resourceid":"vm-\(number)","tenantid":"LEAK-t","newstate":"LEAK-s",\
                    "mysecret":"LEAK-a","colour":"red","data":{"n":"\(number)","secret":"LEAK-d","host":"LEAK-h","mask":"LEAK-m"}}
                    """
                _ = try await api.send(.post, "/v1/sources/prod", event)
            }
            try await body(api)
        }
    }

    @Test(arguments: [
        "/v1/events", "/v1/events?body=enriched", "/v1/events/1", "/v1/events/1?body=enriched", "/v1/events?colour=red",
        "/v1/resources?search=vm-1", "/v1/resources/VirtualMachine/vm-1", "/v1/resources/VirtualMachine/vm-1/timeline",
        "/v1/resources/VirtualMachine/vm-1/timeline?body=enriched",
    ])
    func `a reader reads, and what is hidden is in no answer`(path: String) async throws {
        try await Self.with { api in
            for token in [Self.token, Self.other] {
                let answer = try await api.send(.get, path, token: token)
                #expect(answer.status == 200)
                #expect(answer.text.contains("vm-1"))
                // The state that an event leads to is an attribute of its own: this reader sees it.
                let text = answer.text.replacing(#""newstate":"LEAK-s""#, with: "")
                #expect(!text.contains("LEAK"), "\(answer.text)")
            }
            let all = try await api.send(.get, path)
            #expect(all.text.contains("LEAK"), "The control: without the gate it is there.")
        }
    }

    @Test(
        arguments: Endpoint.all.filter { [.administrator, .source, .metrics].contains($0.access) }.map {
            ($0.method, $0.path)
        }
    )
    func `a reader may do nothing else`(_ method: HTTPRequest.Method, _ template: String) async throws {
        let path = template.replacing("{name}", with: "prod").replacing("{id}", with: "1")
        try await Self.with { api in
            let answer = try await api.send(method, path, "{}", token: Self.token)
            #expect(try answer.problemCode == "forbidden")
            #expect(!answer.text.contains("LEAK"))
        }
    }

    @Test(arguments: [
        ("/v1/events", "tenantid", "LEAK-t"), ("/v1/events", "mysecret", "LEAK-a"), ("/v1/events", "source", "/test"),
        ("/v1/events", "host", "LEAK-h"), ("/v1/resources?search=vm-1", "state", "LEAK-s"),
    ])
    func `a question about what is hidden is refused alike, whether it would match or not`(
        path: String,
        name: String,
        value: String
    ) async throws {
        try await Self.with { api in
            var answers: [String] = []
            for value in [value, "nothing-of-this-kind", ""] {
                let separator = path.contains("?") ? "&" : "?"
                let answer = try await api.send(.get, "\(path)\(separator)\(name)=\(value)x", token: Self.token)
                let real = try await api.send(.get, "\(path)\(separator)\(name)=\(value)", token: Self.token)
                if !value.isEmpty { #expect(try real.problemCode == "forbidden") }
                #expect(try answer.problemCode == "forbidden")
                #expect(try answer.json["parameter"]?.string == name)
                answers.append(answer.text)
            }
            #expect(Set(answers).count == 1)
        }
    }

    @Test(arguments: [
        "/v1/events?body=original", "/v1/events/1?body=original",
        "/v1/resources/VirtualMachine/vm-1/timeline?body=original",
    ])
    func `the original bytes are refused where something is hidden, and shown where nothing is`(path: String)
        async throws
    {
        try await Self.with { api in
            let answer = try await api.send(.get, path, token: Self.token)
            #expect(try answer.problemCode == "forbidden")
            #expect(try answer.json["parameter"]?.string == "body")
        }
        try await Self.with(Protection.none) { api in
            let answer = try await api.send(.get, path, token: Self.token)
            #expect(answer.status == 200)
            let owned = try await api.send(.get, "/v1/events?tenantid=LEAK-t", token: Self.token)
            #expect(try owned.json["events"]?.count == 3)
            let status = try await api.send(.get, "/v1/status", token: Self.token)
            #expect(try status.problemCode == "forbidden")
        }
    }

    @Test(arguments: ["LEAK", "LEAK-t", "LEAK-h", "vm-1 LEAK-t", "LEAK-t vm"])
    func `what is hidden finds nothing, and the answer is that to a word that is nowhere`(text: String) async throws {
        try await Self.with { api in
            let path = "/v1/resources?search="
            let real = try await api.send(.get, path + text.replacing(" ", with: "+"), token: Self.token)
            let wrong = try await api.send(.get, path + "nothing-of-this-kind", token: Self.token)
            #expect(real.text == wrong.text)
            #expect(try real.json["resources"]?.count == 0)
            #expect(try real.json["next"]?.isNull == true)
        }
    }

    @Test func `a search goes on page by page, each hit once, and ends`() async throws {
        try await Self.with { api in
            var ids: [String] = []
            var after: String?
            repeat {
                let path = "/v1/resources?search=vm&limit=2" + (after.map { "&after=\($0)" } ?? "")
                let page = try await api.send(.get, path, token: Self.token).json
                ids += page["resources"]?.elements.compactMap { $0["id"]?.string } ?? []
                after = page["next"]?.string
                try #require(ids.count <= 3)
            } while after != nil
            #expect(ids == ["vm-1", "vm-2", "vm-3"])
            let ranked = try await api.send(.get, "/v1/resources?search=vm&after=1")
            #expect(try ranked.problemCode == "invalid-parameter")
        }
    }

    @Test func `a topic is visible, and so may be asked for`() async throws {
        try await Self.with { api in
            let path = "/v1/events?match=%23.VirtualMachine.vm-2&type=org.example.start&resourceid=vm-2"
            let answer = try await api.send(.get, path, token: Self.token)
            #expect(try answer.json["events"]?.elements.compactMap { $0["id"]?.string } == ["2"])
        }
    }

    @Test func `a token that nobody has is refused as any other, and a reader who is gone is nobody`() async throws {
        let readers = HTTPInterface.Readers()
        readers.use([Self.reader(.none)])
        let callers = Callers(
            administrator: AdministratorToken(hash: APIHarness.tokenHash, location: "/here"),
            readers: readers
        )
        func isKnown(_ token: String) -> Bool {
            var head = HTTPRequest(method: .get, scheme: "http", authority: "h", path: "/", headerFields: [:])
            head.headerFields[.authorization] = "Bearer \(token)"
            return (try? callers.caller(of: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: "")))))
                != nil
        }
        #expect(isKnown(Self.token) && isKnown(APIHarness.token))
        #expect(!isKnown(Self.token + "x") && !isKnown("") && !isKnown(String(Self.token.dropLast())))
        readers.use([])
        #expect(!isKnown(Self.token) && isKnown(APIHarness.token))
    }

    @Test func `what a service is logged with says nothing of a token`() {
        let reader = Self.reader(.none)
        var text = ""
        dump(reader, to: &text)
        #expect(!text.contains(reader.tokenHashes[0]) && !"\(reader)".contains(reader.tokenHashes[0]))
    }
}
