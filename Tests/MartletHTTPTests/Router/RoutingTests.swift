import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct RoutingTests {
    @Test func `every endpoint is served`() async throws {
        try await APIHarness.run { api in
            for endpoint in Endpoint.all {
                let path = endpoint.path.split(separator: "/").map { $0.hasPrefix("{") ? "1" : $0 }.joined(
                    separator: "/"
                )
                let answer = try await api.send(endpoint.method, "/\(path)", token: nil)
                let isOpen = [200, 401].contains(answer.status)
                #expect(isOpen, "\(endpoint.name) answered \(answer.status)")
            }
        }
    }

    @Test(arguments: Endpoint.all.filter { $0.access != .everybody }.map { ($0.method, $0.path) })
    func `without the token nothing is said`(_ method: HTTPRequest.Method, _ template: String) async throws {
        let path = template.replacing("{name}", with: "prod").replacing("{id}", with: "1")
            .replacing("{position}", with: "1").replacing("{type}", with: "T")
        try await APIHarness.run { api in
            for token in [nil, "", "wrong", "secret2"] {
                let answer = try await api.send(method, path, "{}", token: token)
                #expect(answer.status == 401)
                #expect(try answer.problemCode == "unauthorized")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(answer.text.contains("/var/lib/martlet/token"))
            }
        }
    }

    @Test(arguments: ["/healthz", "/readyz", "/v1/openapi.json"])
    func `health and the description are for everybody`(_ path: String) async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.get, path, token: nil)
            #expect(answer.status == 200)
        }
    }

    @Test func `metrics are for everybody where the configuration says so`() async throws {
        try await APIHarness.run(isMetricsPublic: true) { api in
            let answer = try await api.send(.get, "/metrics", token: nil)
            #expect(answer.status == 200)
        }
    }

    @Test func `what is not served is a problem`() async throws {
        try await APIHarness.run { api in
            for path in ["/", "/v1", "/v1/nothing", "/v1/events/1/2", "/v2/events"] {
                let answer = try await api.send(.get, path)
                #expect(answer.status == 404)
                #expect(try answer.problemCode == "not-found")
                #expect(try answer.json["instance"]?.string == path)
            }
        }
    }

    @Test(arguments: [
        ("/v1/events", "GET, HEAD, OPTIONS, POST"), ("/v1/quarantine/retry", "OPTIONS, POST"),
        ("/healthz", "GET, HEAD, OPTIONS"),
    ])
    func `a method that is not served is told which are`(_ path: String, _ allowed: String) async throws {
        try await APIHarness.run { api in
            let refusal = try await api.send(.delete, path)
            #expect(try refusal.problemCode == "method-not-allowed")
            let options = try await api.send(.options, path)
            #expect(options.status == 204)
            for answer in [refusal, options] {
                let methods = answer.headers[.allow]?.split(separator: ", ").sorted().joined(separator: ", ")
                #expect(methods == allowed)
            }
        }
    }

    @Test(arguments: [("/healthz", 200), ("/nothing", 404), ("/v1/status", 200)])
    func `HEAD has no body`(_ path: String, _ status: Int) async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.head, path)
            #expect(answer.status == status)
            #expect(answer.bytes.isEmpty)
            #expect(answer.headers[.contentLength] != "0")
        }
    }

    @Test func `a misspelt parameter is refused by name`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.get, "/v1/dead-letters?forwader=noc")
            #expect(try answer.problemCode == "invalid-parameter")
            #expect(try answer.json["parameter"]?.string == "forwader")
        }
    }

    @Test func `ready means that commits succeed`() async throws {
        try await APIHarness.run { api in
            #expect(try await api.send(.get, "/readyz").status == 200)
            api.store.failure = .init(.inputOutput, "the disk is gone")
            let answer = try await api.send(.get, "/readyz")
            #expect(answer.status == 503)
            #expect(try answer.problemCode == "not-ready")
            api.store.failure = nil
            #expect(try await api.send(.get, "/readyz").status == 200)
        }
    }

    @Test func `after a failed commit readiness is proved by a write, once a second`() async throws {
        let time = ManualTime()
        try await APIHarness.run(time: time) { api in
            api.store.writeFailure = .init(.full, "no space")
            let refusal = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            #expect(refusal.status == 503)
            #expect(try await api.send(.get, "/readyz").problemCode == "store-full")
            api.store.writeFailure = nil
            #expect(try await api.send(.get, "/readyz").problemCode == "store-full")
            time.advance(by: .seconds(1))
            #expect(try await api.send(.get, "/readyz").status == 200)
        }
    }
}
