import MartletJSON
import MartletTesting
import Testing

/// Readers come and go with the configuration, without a restart.
@Suite struct ReaderReloadTests {
    private static let token = "the-first-token-of-a-reader-0123456789"
    private static let next = "the-second-token-of-a-reader-0123456789"

    private static func configuration(_ tokens: [String], _ protect: String) -> String {
        "readers: { noc: { token: [\(tokens.joined(separator: ", "))], protect: { \(protect) } } }"
    }

    @Test func `SIGHUP lets a reader in, changes its token and what it sees, and shuts it out`() async throws {
        let server = try await Server(configuration: "metrics: { public: false }")
        let event = #"{"specversion":"1.0","id":"1","source":"/t","type":"t","data":{"a":"first","b":"second"}}"#
        #expect(try await server.post("/v1/events", event).status == 202)
        /// The status, and the data that are shown.
        func look(_ token: String) async throws -> String {
            let answer = try await server.get("/v1/events/1", token: token)
            let data = try answer.json["data"].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
            return "\(answer.status) \(data)"
        }
        #expect(try await look(Self.token) == "401 ")

        #expect(try await server.hangUp(Self.configuration([Self.token], "drop: [a]")) == "applied")
        #expect(try await look(Self.token) == #"200 {"b":"second"}"#)
        #expect(try await look(Self.next) == "401 ")

        #expect(try await server.hangUp(Self.configuration([Self.next, Self.token], "drop: [b]")) == "applied")
        #expect(try await look(Self.token) == #"200 {"a":"first"}"#)
        #expect(try await look(Self.next) == #"200 {"a":"first"}"#)

        // What cannot be used changes nothing.
        #expect(try await server.hangUp(Self.configuration(["short"], "drop: [b]")) == "refused")
        #expect(try await look(Self.next) == #"200 {"a":"first"}"#)

        #expect(try await server.hangUp("metrics: { public: false }") == "applied")
        #expect(try await look(Self.next) == "401 ")
        #expect(try await look(server.token) == #"200 {"a":"first","b":"second"}"#)
        #expect(!server.logText.contains(Self.token) && !server.logText.contains(Self.next))
    }
}
