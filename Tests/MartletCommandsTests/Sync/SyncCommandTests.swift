import ArgumentParser
import Martlet
import MartletClient
import MartletJSON
import MartletTesting
import Testing

@testable import MartletCommands

/// `martlet sync`, against a server that answers what the test says.
struct SyncCommandTests {
    static func counts(read: Int, changed: Int = 0, new: Int = 0, gone: Int = 0, newer: Int = 0, unconfirmed: Int = 0)
        -> String
    {
        """
        "read":\(read),"unchanged":\(read - changed - new - newer),"changed":\(changed),"new":\(new),"gone":\(gone),
        "newer":\(newer),"unconfirmed":\(unconfirmed)
        """
    }

    static func sync(
        state: String = "finished",
        isDry: Bool = false,
        isFirst: Bool = false,
        events: Int = 0,
        counts: String = counts(read: 6_200, changed: 12, new: 3, gone: 1, newer: 4),
        machines: (state: String, reason: String?) = ("complete", nil),
        volumes: (state: String, reason: String?) = ("complete", nil),
        differences: String = "",
        created: String = "2026-01-30T11:59:20Z",
        reason: String? = nil
    ) -> String {
        func text(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
        let none = Self.counts(read: 0)
        return """
            {"id":"3","kind":"openstack","cloud":"osp","state":"\(state)","phase":"listing",
             "current":\(text(state == "running" ? "Volume" : nil)),"dryrun":\(isDry),"rate":100,"created":"\(created)",
             "ended":\(text(state == "running" ? nil : "2026-01-30T11:59:50Z")),"reason":\(text(reason)),\(counts),
             "events":\(events),"types":[
               {"type":"VirtualMachine","state":"\(machines.state)","first":\(isFirst),\(none),
                "reason":\(text(machines.reason))},
               {"type":"Volume","state":"\(state == "running" ? "reading" : volumes.state)","first":\(isFirst),\(none),
                "reason":\(text(volumes.reason))}],
             "differences":[\(differences)]}
            """
    }

    @Test func `a sync is asked for in the words of the API`() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.sync(state: "running")) }
        let run = try await run(
            "sync",
            "openstack",
            "--cloud",
            "osp",
            "--type",
            "VirtualMachine",
            "--type",
            "Volume",
            "--rate",
            "0",
            "--accept-deletions",
            "--detach",
            server: server
        )
        #expect(run.failure == nil)
        #expect(run.output == "sync 3: 2 types of osp to read; follow it with \"martlet sync follow 3\"\n")
        #expect(
            server.requests.map(\.body) == [
                #"{"kind":"openstack","cloud":"osp","types":["VirtualMachine","Volume"],"rate":0,"acceptdeletions":true}"#
            ]
        )
    }

    @Test func `the ending says what was found and what became of it`() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.sync(events: 16)) }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.failure == nil)
        #expect(
            run.output == """
                sync 3 of osp finished: 6,200 read, 12 changed, 3 new, 1 gone, 4 newer by an event, in 30 s
                16 events were made.

                """
        )
    }

    @Test func `the first sync says that it made no events`() async throws {
        let server = try LoopbackServer { _, _ in
            .json(Self.sync(isFirst: true, counts: Self.counts(read: 5, new: 5)))
        }
        let run = try await run("sync", "cloudstack", server: server)
        #expect(run.lines.last == "The first sync: the index is filled, and no events were made.")
        #expect(server.requests.map(\.body) == [#"{"kind":"cloudstack"}"#])
    }

    @Test func `a dry run tells the differences, a line each`() async throws {
        let differences = #"""
            {"type":"VirtualMachine","id":"vm-1","name":"web","found":"changed",
             "changes":{"state":{"from":"active","to":"stopped"},"relations":{"host":{"from":["h1"],"to":["h2"]}}}},
            {"type":"Volume","id":"v-1","name":null,"found":"created","changes":{"state":{"from":null,"to":"available"}}},
            {"type":"Volume","id":"v-2","name":null,"found":"deleted","changes":{}}
            """#
        let server = try LoopbackServer { _, _ in .json(Self.sync(isDry: true, differences: differences)) }
        let run = try await run("sync", "openstack", "--dry-run", server: server)
        #expect(
            run.lines == [
                "sync 3 of osp finished, a dry run: 6,200 read, 12 changed, 3 new, 1 gone, 4 newer by an event, in 30 s",
                "Nothing was written.",
                "changed  VirtualMachine vm-1 web: state active → stopped, host h1 → h2",
                "new      Volume v-1",
                "gone     Volume v-2",
                "and 13 more",
            ]
        )
        #expect(server.requests.map(\.body) == [#"{"kind":"openstack","dryrun":true}"#])
    }

    @Test(arguments: [
        ("refused", "The policy does not allow it."), ("failed", "No answer."), ("doubtful", "Too many."),
    ])
    func `a type that was not read to its end is told with the reason, and the exit code says so`(
        _ state: String,
        _ reason: String
    ) async throws {
        let server = try LoopbackServer { _, _ in .json(Self.sync(volumes: (state, reason))) }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.status == .failed)
        #expect(run.lines.last == "Volume \(state): \(reason)")
    }

    @Test func `types that were not read for one reason share a line`() async throws {
        let refusal = ("refused", Optional("There is no such service."))
        let server = try LoopbackServer { _, _ in .json(Self.sync(machines: refusal, volumes: refusal)) }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.status == .failed)
        #expect(run.lines.dropFirst(2) == ["VirtualMachine, Volume refused: There is no such service."])
    }

    @Test func `a sync that was stopped says why, and fails`() async throws {
        let server = try LoopbackServer { _, _ in .json(Self.sync(state: "stopped", reason: "Martlet is stopping.")) }
        let run = try await run("sync", "follow", "3", server: server)
        #expect(run.status == .failed && run.output.contains("\nMartlet is stopping.\n"))
    }

    @Test func `an ambiguous cloud is asked for in the words of the command line`() async throws {
        let problem = #"""
            {"type":"urn:martlet:problem:invalid-parameter","status":400,"code":"invalid-parameter","parameter":"cloud",
             "title":"A parameter is wrong","detail":"There are several clouds of the kind openstack: east, west. Say which one."}
            """#
        let server = try LoopbackServer { _, _ in .json(problem, status: 400) }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.status == .usage)
        #expect(run.failure?.message.contains("east, west") == true)
        #expect(run.failure?.message.contains("--cloud NAME") == true)
    }

    @Test func `what the server refuses is told in its words`() async throws {
        let problem = #"""
            {"type":"urn:martlet:problem:sync-conflict","status":409,"code":"sync-conflict","title":"t",
             "detail":"Sync 2 of the cloud “osp” is running. Wait for it to end, or stop it."}
            """#
        let server = try LoopbackServer { _, _ in .json(problem, status: 409) }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.status == .failed)
        #expect(run.failure?.message.contains("Sync 2 of the cloud “osp” is running") == true)
    }

    @Test func `on a terminal a line is drawn over itself while types are read`() async throws {
        let server = try LoopbackServer { request, number in
            if number < 8 {
                return .json(Self.sync(state: "running", counts: Self.counts(read: number * 100, changed: 2)))
            }
            return .json(Self.sync(events: 16))
        }
        let run = try await run("sync", "openstack", server: server, environment: ["NO_COLOR": "1"], width: 120)
        let lines = run.errors.split(separator: "\r\u{1B}[K")
        #expect(lines.count == 8)
        #expect(lines.last == "sync 3  ━━━━━━━━━━──────────  1 of 2 types  Volume  700 read  2 changed")
        #expect(run.errors.hasSuffix("\r\u{1B}[K"))
    }

    @Test func `a server that was started anew is noticed by a sync that is another`() async throws {
        let server = try LoopbackServer { _, number in
            .json(Self.sync(state: "running", created: number < 3 ? "2026-01-30T11:59:20Z" : "2026-01-30T12:30:00Z"))
        }
        let run = try await run("sync", "openstack", server: server)
        #expect(run.status == .failed)
        #expect(run.failure?.message.contains("started anew") == true)
    }

    @Test func `syncs are listed, and one is stopped`() async throws {
        let server = try LoopbackServer { request, _ in
            request.method == "DELETE"
                ? .json(Self.sync(state: "stopped", reason: "It was stopped over the API."))
                : .json(#"{"syncs":[\#(Self.sync(events: 16))]}"#)
        }
        let list = try await run("sync", "list", server: server)
        #expect(list.lines.count == 2 && list.lines.last?.contains("openstack osp") == true)
        let stopped = try await run("sync", "stop", "3", server: server)
        #expect(stopped.output.hasPrefix("sync 3 of osp stopped: 6,200 read"))
        #expect(server.requests.last?.method == "DELETE")
    }
}
