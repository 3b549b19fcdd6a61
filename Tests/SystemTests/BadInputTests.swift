import Crypto
import Foundation
import MartletJSON
import MartletTesting
import MartletTransfer
import Testing

/// Promise 12 and the doors: bad input costs only itself, and nobody comes in without a key.
@Suite struct BadInputTests {
    private static let good = #"{"event":"VM.START","status":"Completed","user":"u","description":"d"}"#

    @Test func `a body that is nothing is refused with the place, and nothing is kept`() async throws {
        let server = try await Server()
        for (body, line, column) in [("{\"a\":", 1, 6), ("[1,\n2,,]", 2, 3), ("hello", 1, 1), ("", 1, 1)] {
            let answer = try await server.post("/v1/sources/cloudstack", body)
            #expect(answer.status == 400, "\(body)")
            #expect(answer.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            let problem = try answer.json
            #expect(problem["code"]?.string == "not-json")
            #expect(problem["line"]?.integer == Int64(line), "\(answer.text)")
            #expect(problem["column"]?.integer == Int64(column), "\(answer.text)")
        }
        #expect(try await server.get("/v1/status").json["store"]?["head"]?.string == "0")
        #expect(try await server.get("/v1/quarantine").json["items"]?.count == 0)
    }

    @Test func `bad items are quarantined and named, good ones are committed`() async throws {
        let server = try await Server()
        let array = try await server.post("/v1/sources/cloudstack", "[\(Self.good), 7, \(Self.good)]")
        #expect(array.status == 202)
        #expect(try array.json["accepted"]?.integer == 2)
        #expect(try array.json["quarantined"]?.integer == 1)
        #expect(try array.json["problems"]?[0]?["index"]?.integer == 1)
        let lines = try await server.post("/v1/sources/cloudstack", "\(Self.good)\n{\"broken\n\(Self.good)\n")
        #expect(lines.status == 202)
        #expect(try lines.json["accepted"]?.integer == 2)
        #expect(try lines.json["problems"]?[0]?["index"]?.integer == 1)
        let items = try await server.get("/v1/quarantine?source=cloudstack").json
        #expect(items["items"]?.count == 2)
        // They are still unreadable, and stay.
        let retry = try await server.post("/v1/quarantine/retry", #"{"all":true}"#)
        #expect(try retry.json["failed"]?.integer == 2)
        #expect(try await server.get("/v1/quarantine").json["items"]?.count == 2)
    }

    @Test func `names that are none are quarantined`() async throws {
        let server = try await Server()
        func event(_ id: String) -> String { #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"t"}"# }
        let ids = [#"a\r\nx: y"#, String(repeating: "z", count: 2_000), "fine"]
        let answer = try await server.post("/v1/events", "[\(ids.map(event).joined(separator: ","))]")
        #expect(try answer.json["accepted"]?.integer == 1)
        #expect(try answer.json["quarantined"]?.integer == 2)
    }

    @Test func `an unknown source, a wrong token and a body over the limit have their own answers`() async throws {
        let server = try await Server(
            configuration: """
                limits: { body: 64KiB }
                """
        )
        #expect(try await server.post("/v1/sources/nobody", Self.good).status == 404)
        #expect(try await server.get("/v1/events", token: "wrong").status == 401)
        #expect(try await server.get("/v1/events", token: "").status == 401)
        #expect(try await server.post("/v1/sources/cloudstack", Self.good, token: "wrong").status == 401)
        let large = "{\"x\":\"\(String(repeating: "y", count: 100_000))\"}"
        #expect(try await server.post("/v1/sources/cloudstack", large).status == 413)
        #expect(try await server.get("/healthz", token: "").status == 200)
        #expect(try await server.get("/readyz", token: "").status == 200)
        #expect(try await server.get("/v1/openapi.json", token: "").status == 200)
        #expect(try await server.get("/nowhere").status == 404)
    }

    @Test func `CloudStack's signature alone opens a source with a secret, and 200 is its answer`() async throws {
        let server = try await Server(
            configuration: """
                sources:
                  hook: { cloud: prod, http: { secret: "k3y" }, format: cloudstack }
                """
        )
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(Self.good.utf8),
            using: SymmetricKey(data: Data("k3y".utf8))
        )
        let signature = Data(code).base64EncodedString()
        let id = (name: "X-CS-Event-ID", value: UUID().uuidString)
        let signed = try await server.post(
            "/v1/sources/hook",
            Self.good,
            headers: [id, (name: "X-CS-Signature", value: signature)],
            token: ""
        )
        #expect(signed.status == 200)
        #expect(try signed.json["accepted"]?.integer == 1)
        let again = try await server.post(
            "/v1/sources/hook",
            Self.good,
            headers: [id, (name: "X-CS-Signature", value: signature)],
            token: ""
        )
        #expect(try again.json["duplicates"]?.integer == 1, "CloudStack's own retry is stored once")
        for headers in [[], [(name: "X-CS-Signature", value: "AAAA")]] {
            #expect(try await server.post("/v1/sources/hook", Self.good, headers: headers, token: "").status == 401)
        }
        #expect(try await server.get("/v1/events").json["events"]?[0]?["cloud"]?.string == "prod")
    }

    @Test func `two clouds may have the same resource, and then one must be named`() async throws {
        let server = try await Server(
            configuration: """
                sources:
                  a: { cloud: north, http: {}, format: cloudevents }
                  b: { cloud: south, http: {}, format: cloudevents }
                """
        )
        let event = #"{"specversion":"1.0","id":"1","source":"/s","type":"t","subject":"VirtualMachine/v"}"#
        for source in ["a", "b"] { _ = try await server.post("/v1/sources/\(source)", event) }
        #expect(try await server.get("/v1/resources/VirtualMachine/v").status == 409)
        #expect(try await server.get("/v1/resources/VirtualMachine/v?cloud=south").json["cloud"]?.string == "south")
        #expect(try await server.get("/v1/resources/VirtualMachine/other").status == 404)
    }

    @Test func `the API's description satisfies an independent validator`() async throws {
        let tools = Server.testTools.path
        let validator = tools + "/bin/openapi-spec-validator"
        try #require(
            FileManager.default.isExecutableFile(atPath: validator),
            "make test-tools installs the validator"
        )
        let server = try await Server()
        let file = server.directory.appending(path: "openapi.json")
        try Data(try await server.get("/v1/openapi.json").body).write(to: file)
        let result = try await Command.run(validator, [file.path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
