import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

/// `/v1/replays`.
@Suite struct ReplaysTests {
    private static func fill(_ api: APIHarness, _ count: Int = 3) async throws {
        let events = (1...count).map { APIHarness.event("e\($0)", vm: "vm-\($0)") }
        let answer = try await api.send(
            .post,
            "/v1/events",
            "[\(events.joined(separator: ","))]",
            headers: ["Content-Type": "application/cloudevents-batch+json"]
        )
        #expect(answer.status == 202)
    }

    private static func wait(_ api: APIHarness, _ id: String, for state: String) async throws -> JSONValue {
        while true {
            let replay = try await api.send(.get, "/v1/replays/\(id)").json
            if replay["state"]?.string == state { return replay }
            await Task.yield()
        }
    }

    @Test func `a replay is made, runs, and can be seen`() async throws {
        let destination = ReplayStandIn()
        try await APIHarness.run(replaying: destination) { api in
            try await Self.fill(api)
            let body = #"{"forwarder":"noc","from":"2","to":3,"note":"for the audit","rate":0}"#
            let answer = try await api.send(.post, "/v1/replays", body)
            #expect(answer.status == 201)
            let id = try #require(try answer.json["id"]?.string)
            let replay = try await Self.wait(api, id, for: "finished")
            #expect(destination.ids == ["e2", "e3"])
            #expect(replay["forwarder"]?.string == "noc" && replay["note"]?.string == "for the audit")
            #expect(replay["from"]?.string == "2" && replay["to"]?.string == "3")
            #expect(replay["total"]?.integer == 2 && replay["delivered"]?.integer == 2)
            #expect(replay["pending"]?.integer == 0 && replay["rate"]?.integer == 0)
            let list = try await api.send(.get, "/v1/replays").json["replays"]
            #expect(list?.elements.compactMap { $0["id"]?.string } == [id])
            #expect(try await api.send(.get, "/v1/status").json["replays"]?.count == 0)
        }
    }

    @Test(arguments: [
        (#"{"forwarder":"noc"}"#, "from"),
        (#"{"forwarder":"noc","from":"yesterday"}"#, "from"),
        (#"{"forwarder":"noc","from":"3","to":"2"}"#, "from"),
        (#"{"forwarder":"noc","from":"1","to":"99"}"#, "to"),
        (#"{"forwarder":"noc","from":"1","to":"later"}"#, "to"),
        (#"{"forwarder":"noc","from":"1","rate":-1}"#, "rate"),
        (#"{"forwarder":"noc","from":"1","rate":"fast"}"#, "rate"),
        (#"{"forwarder":"noc","from":"1","note":7}"#, "note"),
        (#"{"from":"1"}"#, "forwarder"),
    ])
    func `what is wrong is told by its name, and nothing is made`(_ body: String, _ parameter: String) async throws {
        try await APIHarness.run { api in
            try await Self.fill(api)
            let answer = try await api.send(.post, "/v1/replays", body)
            #expect(answer.status == 400)
            #expect(try answer.problemCode == "invalid-parameter")
            #expect(try answer.json["parameter"]?.string == parameter)
            #expect(try await api.store.replays().isEmpty)
        }
    }

    @Test func `unknown forwarders and replays are not found, and what is no JSON is not read`() async throws {
        try await APIHarness.run { api in
            try await Self.fill(api)
            let forwarder = try await api.send(.post, "/v1/replays", #"{"forwarder":"nobody","from":"1"}"#)
            #expect(try forwarder.problemCode == "unknown-forwarder")
            for path in ["/v1/replays/77", "/v1/replays/x", "/v1/replays/77/failures"] {
                let answer = try await api.send(.get, path)
                #expect(try answer.problemCode == "unknown-replay")
            }
            for decision in ["pause", "resume", "cancel"] {
                let answer = try await api.send(.post, "/v1/replays/77/\(decision)", "{}")
                #expect(try answer.problemCode == "unknown-replay")
            }
            let yaml = try await api.send(.post, "/v1/replays", "forwarder: noc")
            #expect(try yaml.problemCode == "not-json")
            let list = try await api.send(.post, "/v1/replays", "[]")
            #expect(try list.problemCode == "invalid-parameter")
            let note = String(repeating: "x", count: 70_000)
            let large = try await api.send(.post, "/v1/replays", #"{"forwarder":"noc","from":"1","note":"\#(note)"}"#)
            #expect(try large.problemCode == "body-too-large")
        }
    }

    @Test func `only an administrator replays`() async throws {
        try await APIHarness.run { api in
            try await Self.fill(api)
            for path in ["/v1/replays", "/v1/replays/count", "/v1/replays/1/cancel"] {
                let answer = try await api.send(.post, path, #"{"forwarder":"noc","from":"1"}"#, token: nil)
                #expect(answer.status == 401)
            }
            let list = try await api.send(.get, "/v1/replays", token: "wrong")
            #expect(list.status == 401)
        }
    }

    @Test func `what failed is listed with its reason, page by page`() async throws {
        try await APIHarness.run(replaying: ReplayStandIn(rejecting: "e2")) { api in
            try await Self.fill(api)
            let answer = try await api.send(.post, "/v1/replays", #"{"forwarder":"noc","from":"earliest","rate":0}"#)
            let id = try #require(try answer.json["id"]?.string)
            let replay = try await Self.wait(api, id, for: "finished")
            #expect(replay["failed"]?.integer == 1 && replay["delivered"]?.integer == 2)
            let page = try await api.send(.get, "/v1/replays/\(id)/failures?limit=1").json
            #expect(page["failures"]?[0]?["position"]?.string == "2")
            #expect(page["failures"]?[0]?["reason"]?.string == "not wanted")
            let next = try #require(page["next"]?.string)
            let rest = try await api.send(.get, "/v1/replays/\(id)/failures?after=\(next)").json
            #expect(rest["failures"]?.count == 0 && rest["next"]?.isNull == true)
            let metrics = try await api.send(.get, "/metrics").text
            #expect(metrics.contains(#"martlet_replays{state="running"} 0"#))
        }
    }

    @Test func `a replay is paused, seen in status and metrics, resumed, and cancelled`() async throws {
        // One event a second by a clock that stands still: it does not get on by itself.
        try await APIHarness.run(time: ManualTime(), replaying: ReplayStandIn()) { api in
            try await Self.fill(api)
            let made = try await api.send(.post, "/v1/replays", #"{"forwarder":"noc","from":"1","rate":1}"#)
            let id = try #require(try made.json["id"]?.string)
            let paused = try await api.send(.post, "/v1/replays/\(id)/pause", "{}").json
            #expect(paused["state"]?.string == "paused" && paused["pause"]?["cause"]?.string == "requested")
            let status = try await api.send(.get, "/v1/status").json
            #expect(status["replays"]?[0]?["id"]?.string == id)
            let metrics = try await api.send(.get, "/metrics").text
            #expect(metrics.contains(#"martlet_replays{state="paused"} 1"#))
            #expect(metrics.contains(#"martlet_replay_pending_events{replay="\#(id)"}"#))
            let resumed = try await api.send(.post, "/v1/replays/\(id)/resume", "{}").json
            #expect(resumed["state"]?.string == "running")
            let cancelled = try await api.send(.post, "/v1/replays/\(id)/cancel", "{}").json
            #expect(cancelled["state"]?.string == "cancelled" && cancelled["ended"]?.string != nil)
            let late = try await api.send(.post, "/v1/replays/\(id)/pause", "{}")
            #expect(late.status == 409)
            #expect(try late.problemCode == "replay-conflict")
        }
    }

    @Test func `counting sends nothing`() async throws {
        let destination = ReplayStandIn()
        try await APIHarness.run(replaying: destination) { api in
            try await Self.fill(api)
            let answer = try await api.send(.post, "/v1/replays/count", #"{"forwarder":"noc","from":"2"}"#)
            #expect(answer.status == 200)
            let count = try answer.json
            #expect(count["from"]?.string == "2" && count["to"]?.string == "3" && count["scanned"]?.string == "3")
            #expect(count["matched"]?.integer == 2 && count["removed"]?.integer == 0)
            let none = #"{"forwarder":"noc","from":"2","match":"no.such.thing"}"#
            let filtered = try await api.send(.post, "/v1/replays/count", none).json
            #expect(filtered["matched"]?.integer == 0 && filtered["filtered"]?.integer == 2)
            #expect(destination.ids.isEmpty)
            #expect(try await api.store.replays().isEmpty)
        }
    }
}
