import ArgumentParser
import Martlet
import MartletClient
import MartletJSON
import Testing

@testable import MartletCommands

/// `martlet replay`, against a server that answers what the test says.
struct ReplayCommandTests {
    static func replay(_ id: Int, state: String, delivered: Int, failed: Int = 0, pause: String = "null") -> String {
        """
        {"id":"\(id)","state":"\(state)","forwarder":"billing","sink":"kafka","definition":{"forwarder":"billing"},
         "from":"1001","to":"3000","cursor":"\(1_000 + delivered)","rate":200,"note":"audit of november",
         "created":"2026-01-30T11:59:20Z","ended":\(state == "finished" ? #""2026-01-30T11:59:50Z""# : "null"),"total":2000,
         "scanned":\(delivered + failed),"matched":\(delivered + failed),"delivered":\(delivered),"filtered":0,
         "failed":\(failed),"skipped":0,"pending":\(2_000 - delivered - failed),"parked":0,"pause":\(pause),
         "last_error":null}
        """
    }

    @Test func `a replay is asked for in the words of the API`() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.replay(3, state: "running", delivered: 0)) }
        let run = try await run(
            "replay",
            "start",
            "--forwarder",
            "billing",
            "--from",
            "2026-01-30T10:00:00Z",
            "--to",
            "now",
            "--rate",
            "200",
            "--match",
            "a.#",
            "--match",
            "b.#",
            "--note",
            "why",
            "--detach",
            server: server
        )
        #expect(run.failure == nil)
        #expect(run.output == "replay 3: 2,000 events to look at; follow it with \"martlet replay follow 3\"\n")
        #expect(
            server.requests.map(\.body) == [
                #"{"forwarder":"billing","from":"2026-01-30T10:00:00Z","to":"now","match":["a.#","b.#"],"rate":200,"note":"why"}"#
            ]
        )
    }

    @Test func `a dry run counts request by request`() async throws {
        let server = try LoopbackServer { _, number in
            let (scanned, matched) = number == 0 ? (20_000, 19_000) : (30_000, 500)
            return .json(
                #"{"from":"1","to":"30000","scanned":"\#(scanned)","matched":\#(matched),"filtered":9,"removed":2}"#
            )
        }
        let run = try await run("replay", "start", "--sink", "log: {}", "--from", "1h", "--dry-run", server: server)
        #expect(
            run.output
                == "19,500 of 30,000 events would go, from position 1 to 30000; 4 are no longer in the log\n"
        )
        #expect(
            server.requests.map(\.body) == [
                #"{"sink":"log: {}","from":"1h"}"#, #"{"sink":"log: {}","from":"1","to":"30000","after":"20000"}"#,
            ]
        )
    }

    @Test(arguments: [
        (["--from", "1"], "--forwarder NAME, or --sink YAML"),
        (["--from", "1", "--forwarder", "a", "--sink", "log: {}"], "--forwarder NAME, or --sink YAML"),
        (["--from", "1", "--forwarder", "a", "--body", "event"], "--body belongs to --sink"),
        (["--from", "1", "--forwarder", "a", "--rate=-1"], "--rate -1"),
        (["--forwarder", "a"], "--from"),
    ])
    func `a wrong command line is told before anything is sent`(_ arguments: [String], _ text: String) throws {
        let error = #expect(throws: (any Error).self) {
            _ = try MartletCommand.parseAsRoot(["replay", "start"] + arguments)
        }
        #expect(MartletCommand.fullMessage(for: try #require(error)).contains(text))
    }

    @Test func `replays are listed, shown and decided about`() async throws {
        let running = Self.replay(4, state: "running", delivered: 1_240)
        let done = Self.replay(3, state: "finished", delivered: 1_998, failed: 2)
        let server = try LoopbackServer { request, _ in
            switch (request.method, request.path) {
            case ("GET", "/v1/replays"): .json(#"{"replays":[\#(running),\#(done)]}"#)
            case ("POST", _): .json(Self.replay(4, state: "paused", delivered: 1_240))
            default: .json(done)
            }
        }
        #expect(
            try await run("replay", "list", server: server, width: 110).output.replacingColours == """
                id  to       state     done  events  delivered  failed  rate   made      note
                 4  billing  running    62%   2,000      1,240       0  200/s  40 s ago  audit of november
                 3  billing  finished  100%   2,000      1,998       2  200/s  40 s ago  audit of november

                """
        )
        #expect(
            try await run("replay", "show", "3", server: server, width: 100).output.replacingColours == """
                Replay 3 to billing, finished
                positions 1001 to 3000, 2,000 events, 200/s, made 40 s ago
                audit of november

                delivered         1,998
                filtered              0
                failed                2
                skipped               0
                pending               0

                """
        )
        #expect(
            try await run("replay", "pause", "4", server: server).output
                == "replay 4: paused, 1,240 delivered, 760 pending\n"
        )
        #expect(try await run("replay", "list", "--json", server: server).lines.count == 2)
    }

    @Test func `failures are listed with their reasons`() async throws {
        let server = try LoopbackServer { _, _ in
            .json(
                """
                {"failures":[{"id":"1","position":"1007","reason":"HTTP 400","attempts":1,"time":"2026-01-30T11:59:20Z",
                "event":{"specversion":"1.0","id":"a","source":"/s","type":"org.x.start"}}],"next":null}
                """
            )
        }
        #expect(
            try await run("replay", "failures", "3", server: server).output == """
                position  type         attempts  reason
                    1007  org.x.start         1  HTTP 400

                """
        )
    }
}
