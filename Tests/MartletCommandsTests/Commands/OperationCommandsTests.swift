import Testing

@testable import MartletCommands

struct OperationCommandsTests {
    private static let forwarders = #"""
        {"name":"billing","state":"running","pause":null,"committed":1234567,"delivered":1200000,"filtered":34000,"dead":0,"skipped":0,
         "pending":567,"parked":0,"lag_seconds":2.4,"last_error":null},
        {"name":"noc","state":"paused","pause":{"cause":"gone","reason":"410 from noc.example"},"committed":1234567,"delivered":120,
         "filtered":1234000,"dead":3,"skipped":0,"pending":444,"parked":2,"lag_seconds":7500,"last_error":"HTTP 410"},
        {"name":"cmdb","state":"unavailable","pause":null,"committed":12,"delivered":0,"filtered":0,"dead":0,"skipped":0,
         "pending":12,"parked":0,"lag_seconds":180,"unavailable_since":"2026-01-30T11:57:00Z",
         "next_attempt":"2026-01-30T12:00:12Z",
         "last_error":"https://cmdb.example/hooks cannot be reached: Connection refused. See that it listens there."}
        """#

    @Test func `the status is a page of aligned tables`() async throws {
        let server = try LoopbackServer { _, _ in
            .json(
                #"""
                {"version":"0.1.0","started":"2026-01-27T08:00:00Z","store":{"bytes":1610612736,"head":"1234567"},"sources":[
                {"name":"cloudstack","cloud":"prod","format":"cloudstack","accepted":1234560,"duplicates":12,"quarantined":0,"ignored":0,
                 "refused":0,"impossibletransitions":0,"stale":0,"state":"running","since":"2026-01-30T11:00:00Z","problem":null,
                 "warnings":[{"what":"there is no exchange “nova”","where":"amqp://mq1:5672/","remedy":"wait for it"}],
                 "backlog":17,"lastreceived":"2026-01-30T11:59:56Z","gaps":0},
                {"name":"cell","cloud":"osp","format":"cloudevents","accepted":0,"state":"failing","since":"2026-01-30T11:55:00Z",
                 "problem":{"what":"the broker refuses the user “m”","where":"amqp://mq2:5672/","remedy":"check the password"},
                 "warnings":[],"backlog":null,"lastreceived":null,"gaps":0}],"forwarders":[\#(Self.forwarders)],"quarantined":1,"deadletters":3}
                """#
            )
        }
        #expect(
            try await run("status", server: server, width: 100).output.replacingColours == """
                Martlet 0.1.0 at \(server.url), up 3 d 4 h
                log at position 1,234,567, 1.5 GiB on disk
                3 dead letters, 1 in the quarantine

                SOURCES
                name        cloud  format       state     accepted  backlog  duplicates  last
                cloudstack  prod   cloudstack   running  1,234,560       17          12  4 s ago
                cell        osp    cloudevents  failing          0        0           0  never
                  cloudstack: there is no exchange “nova” (amqp://mq1:5672/)
                    wait for it
                  cell for 5 min: the broker refuses the user “m” (amqp://mq2:5672/)
                    check the password

                FORWARDERS
                name     state        committed  delivered   filtered  dead  pending  parked        lag
                billing  running      1,234,567  1,200,000     34,000     0      567       0        2 s
                noc      paused       1,234,567        120  1,234,000     3      444       2  2 h 5 min
                cmdb     unavailable         12          0          0     0       12       0      3 min
                  noc: paused: 410 from noc.example; to go on: martlet forwarders resume noc
                  noc: HTTP 410
                  cmdb: unavailable for 3 min, next try in 12 s: https://cmdb.example/hooks cannot be reached:
                        Connection refused. See that it listens there.

                """
        )
    }

    @Test func `what is wrong with an enricher stands beneath the table, whether it answers or not`() async throws {
        let server = try LoopbackServer { _, _ in
            .json(
                #"""
                {"version":"0.1.0","started":"2026-01-27T08:00:00Z","store":{"bytes":1,"head":"1"},"sources":[],"forwarders":[],
                 "enrichers":[
                {"name":"openstack","cloud":"osp","state":"running","found":12,"last_error":"of yesterday",
                 "warning":"Keystone has not renewed the token, which is good for 240 s more; it is tried again."},
                {"name":"cloudstack","cloud":"prod","state":"failing","found":3,"last_error":"No answer.","warning":null}],
                 "quarantined":0,"deadletters":0}
                """#
            )
        }
        let output = try await run("status", server: server, width: 120).output.replacingColours
        #expect(
            output.contains(
                """
                ENRICHERS
                name        cloud  state    found
                openstack   osp    running     12
                cloudstack  prod   failing      3
                  openstack of osp: Keystone has not renewed the token, which is good for 240 s more; it is tried again.
                  cloudstack of prod: No answer.

                """
            ),
            "\(output)"
        )
    }

    @Test func `forwarders are listed, paused and resumed`() async throws {
        let server = try LoopbackServer { request, _ in
            request.method == "GET"
                ? .json(#"{"forwarders":[\#(Self.forwarders)]}"#)
                : .json(#"{"name":"billing","state":"paused","pending":1567}"#)
        }
        let list = try await run("forwarders", "list", server: server)
        #expect(list.lines.count == 8)
        #expect(try await run("forwarders", "list", "--json", server: server).lines.count == 3)
        #expect(
            try await run("forwarders", "pause", "billing", server: server).output == "billing: paused, 1,567 pending\n"
        )
        _ = try await run("forwarders", "resume", "b c", server: server)
        #expect(
            server.requests.map { "\($0.method) \($0.path)" }.suffix(2) == [
                "POST /v1/forwarders/billing/pause", "POST /v1/forwarders/b%20c/resume",
            ]
        )
    }

    @Test func `dead letters are redelivered by their forwarders, which are looked up`() async throws {
        let server = try LoopbackServer { request, _ in
            guard request.method == "GET" else { return .json(#"{"redelivered":1}"#) }
            let id = request.path.split(separator: "/").last.map { String($0) } ?? ""
            return .json(#"{"id":"\#(id)","forwarder":"\#(id == "3" ? "b" : "a")"}"#)
        }
        let run = try await run("dead-letters", "redeliver", "1", "2", "3", server: server)
        #expect(run.output == "a: redelivered 1\nb: redelivered 1\n")
        let posts = server.requests.filter { $0.method == "POST" }
        #expect(posts.map(\.path) == ["/v1/forwarders/a/redeliver", "/v1/forwarders/b/redeliver"])
        #expect(posts.map(\.body) == [#"{"ids":["1","2"]}"#, #"{"ids":["3"]}"#])
    }

    @Test(arguments: [("y", true), ("YES", true), ("n", false), ("", false)])
    func `discarding is asked about on a terminal`(answer: String, isDone: Bool) async throws {
        let server = try LoopbackServer { _, _ in .json(#"{"discarded":7}"#) }
        let run = try await run(
            "dead-letters",
            "discard",
            "--all",
            "--forwarder",
            "noc",
            server: server,
            answer: answer
        )
        #expect(run.errors == "Discard all dead letters of noc? This cannot be undone. [y/N] ")
        #expect(run.output == (isDone ? "noc: discarded 7\n" : ""))
        #expect(server.requests.map(\.body) == (isDone ? [#"{"all":true}"#] : []))
        #expect(run.status == (isDone ? nil : .failed))
    }

    @Test func `without a terminal, discarding needs a yes`() async throws {
        let server = try LoopbackServer { _, _ in .json(#"{"discarded":1}"#) }
        #expect(try await run("dead-letters", "discard", "1", "--forwarder", "noc", server: server).status == .usage)
        #expect(server.requests.isEmpty)
        #expect(
            try await run("dead-letters", "discard", "1", "--forwarder", "noc", "--yes", server: server).failure == nil
        )
    }

    @Test func `dead letters are listed with their reasons`() async throws {
        let server = try LoopbackServer { _, _ in
            .json(
                #"{"deadletters":[{"id":"17","forwarder":"noc","position":"5","reason":"HTTP 400","attempts":12,"#
                    + #""time":"2026-01-30T11:00:00Z","event":\#(eventText(5))}],"next":"17"}"#
            )
        }
        let run = try await run("dead-letters", "list", "--forwarder", "noc", server: server)
        #expect(
            run.lines == [
                "id  time                 forwarder  attempts  event     resource  reason",
                "17  2026-01-30 11:00:00  noc              12  VM.START            HTTP 400",
            ]
        )
        #expect(run.errors == "There are more: --after 17 goes on.\n")
        #expect(server.requests.first?.path == "/v1/dead-letters?forwarder=noc&limit=100")
    }

    @Test func `the quarantine is listed and retried`() async throws {
        let server = try LoopbackServer { request, _ in
            request.method == "GET"
                ? .json(
                    #"{"items":[{"id":"3","source":"cloudstack","time":"2026-01-30T11:00:00Z","reason":"a value is missing","#
                        + #""size":1234,"text":"{\"a\":\n\u001b[31m"}],"next":null}"#
                )
                : .json(#"{"accepted":2,"failed":1,"problems":[{"id":"3","reason":"still broken"}]}"#)
        }
        let list = try await run("quarantine", "list", server: server)
        #expect(
            list.lines.last == "3   2026-01-30 11:00:00  cloudstack  1.2 KiB  a value is missing  {\"a\": \u{FFFD}[31m"
        )
        let retry = try await run("quarantine", "retry", "--source", "cloudstack", server: server)
        #expect(retry.output == "accepted 2, failed 1\n")
        #expect(retry.errors == "3: still broken\n")
        #expect(retry.status == .failed)
        #expect(server.requests.last?.body == #"{"source":"cloudstack"}"#)
    }
}

extension String {
    /// Without the codes of Select Graphic Rendition.
    var replacingColours: String {
        var text = ""
        var rest = self[...]
        while let start = rest.firstIndex(of: "\u{1B}"), let end = rest[start...].firstIndex(of: "m") {
            text += rest[..<start]
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}
