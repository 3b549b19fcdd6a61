import ArgumentParser
import MartletClient
import Testing

@testable import MartletCommands

struct EventsCommandTests {
    /// A server whose log has the positions `first` to `head`, every `step`th of which matches.
    private func log(first: Int = 1, head: Int, step: Int = 1, budget: Int = 1_000) throws -> LoopbackServer {
        try LoopbackServer { request, _ in
            let after = request.query("after").first.flatMap { Int($0) } ?? 0
            let limit = request.query("limit").first.flatMap { Int($0) } ?? 100
            guard after == 0 || after >= first - 1 else {
                return .problem("positions-removed", "The log begins at position \(first).", status: 410)
            }
            var found: [Int] = []
            var position = max(after, first - 1)
            while position < min(head, after + budget), found.count < limit {
                position += 1
                if position % step == 0 { found.append(position) }
            }
            return .json(
                pageText(
                    found.map { eventText($0) },
                    next: position < head ? position : nil,
                    scanned: position,
                    first: first,
                    head: head
                )
            )
        }
    }

    private func positions(_ run: CommandRun) -> [Int] {
        run.lines.compactMap { line in
            line.firstRange(of: #""position":""#).flatMap { Int(line[$0.upperBound...].prefix { $0.isNumber }) }
        }
    }

    @Test func `without a beginning the newest 50 are shown`() async throws {
        let server = try log(head: 2_500)
        let run = try await run("events", "--json", server: server)
        #expect(positions(run) == Array(2_451...2_500))
        #expect(server.requests.count == 2)
    }

    @Test func `the newest that match are looked for from the end`() async throws {
        let run = try await run("events", "#", "--limit", "3", "--json", server: try log(head: 100_000, step: 700))
        #expect(positions(run) == [98_000, 98_700, 99_400])
    }

    @Test func `where fewer match than are wanted all of them are shown`() async throws {
        let run = try await run("events", "#", "-n", "5", "--json", server: try log(head: 3_000, step: 1_001))
        #expect(positions(run) == [1_001, 2_002])
    }

    @Test(
        arguments: [
            ([], Array(2_471...2_500)), (["#"], Array(2_471...2_500)), (["-n", "5"], Array(2_496...2_500)),
            (["-n", "30"], Array(2_471...2_500)), (["-n", "\(Int.max)"], Array(2_471...2_500)),
            (["#", "-n", "\(Int.max)"], Array(2_471...2_500)), (["-n", "0"], []),
        ] as [([String], [Int])]
    )
    func `where the beginning has been removed it is not looked for`(_ options: [String], _ expected: [Int])
        async throws
    {
        let run = try await run(["events", "--json"] + options, server: try log(first: 2_471, head: 2_500))
        #expect(positions(run) == expected, "\(run.errors)")
    }

    @Test func `a log whose events have all been removed has no newest ones`() async throws {
        let run = try await run("events", "#", "--json", server: try log(first: 2_501, head: 2_500))
        #expect(positions(run) == [] && run.errors == "")
    }

    @Test func `looking back ends somewhere, and says so`() async throws {
        let server = try log(head: 9_000_000, step: 8_999_999, budget: 1_000_000)
        let run = try await run("events", "#", "-n", "2", "--json", server: server)
        #expect(positions(run) == [8_999_999])
        #expect(run.errors.hasPrefix("Looked at the last 1,"))
    }

    @Test func `after a position all that follow are shown, page by page`() async throws {
        let run = try await run("events", "--after", "10", "--json", server: try log(head: 2_345))
        #expect(positions(run) == Array(11...2_345))
    }

    @Test func `a limit ends it`() async throws {
        let server = try log(head: 5_000)
        #expect(
            positions(try await run("events", "--after", "0", "-n", "1500", "--json", server: server))
                == Array(1...1_500)
        )
        #expect(server.requests.map { $0.query("limit") } == [["1000"], ["500"]])
    }

    @Test func `conditions become parameters`() async throws {
        let server = try log(head: 0)
        _ = try await run(
            "events",
            "*.AlertEvent.#",
            "a.#",
            "--since",
            "1h",
            "--until",
            "2026-01-30T11:30:00+00:30",
            "--category",
            "alert",
            "--category",
            "state",
            "--type",
            "VM.START",
            "--tenant",
            "t 1",
            "--attribute",
            "phase=a=b",
            server: server
        )
        let request = try #require(server.requests.first)
        #expect(request.query("match") == ["*.AlertEvent.#", "a.#"])
        #expect(request.query("since") == ["2026-01-30T11:00:00Z"])
        #expect(request.query("until") == ["2026-01-30T11:00:00Z"])
        #expect(request.query("category") == ["alert", "state"])
        #expect(request.query("type") == ["VM.START", "org.apache.cloudstack.VM.START", "org.openstack.VM.START"])
        #expect(request.query("tenantid") == ["t 1"])
        #expect(request.query("phase") == ["a=b"])
        #expect(request.query("body") == ["event"])
    }

    @Test func `JSON is one event a line, whatever the server's own lines are`() async throws {
        let server = try LoopbackServer { _, _ in .json(pageText(["{\n  \"a\": \"x\\ny\"\r\n}", "{}"])) }
        let run = try await run("events", "--after", "0", "--body", "original", server: server)
        #expect(run.output == "{   \"a\": \"x\\ny\"  }\n{}\n")
        #expect(server.requests.first?.query("body") == ["original"])
    }

    @Test func `a follower goes on with what comes, and outlives the server's restart`() async throws {
        let server = try LoopbackServer { request, count in
            switch count {
            case 0: .json(pageText([eventText(6), eventText(7)], scanned: 7))
            case 1: .hangUp
            case 2: .problem("stopping", "Martlet is stopping.", status: 503)
            case 3: .json(pageText([eventText(8)], scanned: 9))
            default: .json(pageText([], scanned: 9))
            }
        }
        let run = try await run("events", "--follow", "--after", "5", "--json", server: server) { count in
            if count == 3 { throw CancellationError() }
        }
        #expect(positions(run) == [6, 7, 8])
        #expect(server.requests.map { $0.query("after").first } == ["5", "7", "7", "7", "9"])
        #expect(server.requests.map { $0.query("wait").first } == [nil, "25", "25", "25", "25"])
        #expect(run.waits == [.seconds(1), .seconds(2), .seconds(1)])
        let notes = run.errors.split(separator: "\n")
        #expect(notes.count == 2)
        #expect(notes.first?.hasPrefix("Lost the server at \(server.url): ") == true)
        #expect(notes.last == "Connected again after 0 s.")
    }

    @Test func `a follower that never had a server has nothing to wait for`() async throws {
        let server = try LoopbackServer { _, _ in .hangUp }
        let run = try await run("events", "--follow", "--after", "0", server: server)
        #expect(run.status == .unreachable)
    }

    @Test func `a follower whose token is refused stops`() async throws {
        let server = try LoopbackServer { _, count in
            count == 0 ? .json(pageText([], scanned: 1)) : .problem("unauthorized", "No.", status: 401)
        }
        #expect(try await run("events", "--follow", "--after", "0", server: server).status == .unauthorized)
    }

    @Test func `attempts are further and further apart`() {
        var outage = Outage()
        let delays = (0..<7).map { _ in outage.delay(from: testTime) }
        #expect(delays == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        let ends = [outage.end(), outage.end()]
        #expect(ends == [testTime, nil])
    }

    @Test(arguments: [
        ["--category", "alarm"], ["--outcome", "ok"], ["--severity", "bad"], ["--attribute", "phase"],
        ["--attribute", "limit=1"],
        ["--attribute", "Phase=x"], ["--since", "yesterday"], ["--after", "x"], ["--limit", "-1"], ["a..b.#.#x"],
        ["--follow", "--until", "1h"], ["--follow", "--after", "1", "--limit", "2"],
    ])
    func `what makes no sense is a usage error`(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try MartletCommand.parseAsRoot(["events"] + arguments) }
        #expect(error.map { MartletCommand.exitCode(for: $0) } == .validationFailure)
    }
}
