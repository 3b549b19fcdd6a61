import HTTPTypes
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline
import MartletTesting
import Synchronization
import Testing

@testable import MartletHTTP

/// The configuration over the API, and the forwarders that it names no more.
struct ConfigurationTests {
    /// Answers as it is told, and remembers what was asked of it.
    private final class ScriptedControl: ConfigurationControl {
        private let result: Result<ReloadReport, Problem>
        private let asked = Mutex<[String]>([])
        let state: ConfigurationState

        init(_ result: Result<ReloadReport, Problem>, state: ConfigurationState = ConfigurationState()) {
            self.result = result
            self.state = state
        }

        var forgotten: [String] { asked.withLock { $0 } }

        func reload() async throws -> ReloadReport { try result.get() }

        func forget(_ forwarder: String) async throws { asked.withLock { $0.append(forwarder) } }
    }

    @Test func `a reload answers what has changed`() async throws {
        var report = ReloadReport()
        report.forwarders = .init(added: ["a"], changed: ["b"], removed: ["c"])
        report.restart = ["listen"]
        try await APIHarness.run(control: ScriptedControl(.success(report))) { api in
            let answer = try await api.send(.post, "/v1/config/reload", "{}")
            #expect(answer.status == 200)
            let json = try answer.json
            #expect(json["forwarders"]?["added"]?[0]?.string == "a")
            #expect(json["forwarders"]?["changed"]?[0]?.string == "b")
            #expect(json["forwarders"]?["removed"]?[0]?.string == "c")
            #expect(json["sources"]?["added"]?.count == 0)
            #expect(json["restart"]?[0]?.string == "listen")
        }
    }

    @Test func `a configuration that cannot be used is a problem with every finding`() async throws {
        let problem = Problem(.invalidConfiguration, "x.yaml has 2 errors.", findings: ["x.yaml:1:2: error: a", "b"])
        var state = ConfigurationState(file: "x.yaml")
        state.lastReload = .init(time: Timestamp(seconds: 0), refusal: problem.detail)
        state.refused = 4
        try await APIHarness.run(control: ScriptedControl(.failure(problem), state: state)) { api in
            let answer = try await api.send(.post, "/v1/config/reload", "{}")
            #expect(answer.status == 422)
            #expect(try answer.problemCode == "invalid-configuration")
            #expect(Problem(try answer.json)?.findings == problem.findings)
            let status = try await api.send(.get, "/v1/status").json["configuration"]
            #expect(status?["file"]?.string == "x.yaml")
            #expect(status?["reload"]?["result"]?.string == "refused")
            #expect(status?["reload"]?["reason"]?.string == problem.detail)
            let metrics = try await api.send(.get, "/metrics").text
            #expect(metrics.contains(#"martlet_configuration_reloads_total{result="refused"} 4"#))
        }
    }

    @Test func `a forwarder that the store knows and the configuration does not is shown as retired`() async throws {
        let control = ScriptedControl(.success(ReloadReport()))
        try await APIHarness.run(control: control) { api in
            _ = try await api.store.openForwarder(name: "old", start: .zero)
            let list = try await api.send(.get, "/v1/forwarders").json["forwarders"]
            #expect(list?.elements.map { $0["state"]?.string } == ["running", "retired"])
            #expect(try await api.send(.get, "/v1/forwarders/old").json["name"]?.string == "old")
            #expect(try await api.send(.post, "/v1/forwarders/old/pause", "{}").problemCode == "unknown-forwarder")
            let answer = try await api.send(.delete, "/v1/forwarders/old")
            #expect(try answer.json["forgotten"]?.string == "old")
            #expect(control.forgotten == ["old"])
            #expect(try await api.send(.get, "/metrics").text.contains(#"forwarder="old""#) == false)
        }
    }
}
