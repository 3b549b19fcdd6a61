import Testing

@testable import MartletCommands

struct PublishCommandTests {
    private static func accepted(_ count: Int, quarantined: Int = 0, problems: String = "") -> LoopbackServer.Reply {
        .json(
            #"{"accepted":\#(count),"duplicates":0,"quarantined":\#(quarantined),"ignored":0,"position":"9","problems":[\#(problems)]}"#,
            status: 202
        )
    }

    @Test func `lines go to the source in batches, in order`() async throws {
        let server = try LoopbackServer { request, _ in
            Self.accepted(request.body.split(separator: "\n").count)
        }
        let folder = try TemporaryFolder()
        let file = try folder.file("events.jsonl", (1...1_200).map { #"{"n":\#($0)}"# }.joined(separator: "\n"))
        let run = try await run("publish", file, server: server)
        #expect(run.output == "accepted 1200, duplicates 0, quarantined 0\n")
        #expect(run.failure == nil)
        #expect(run.errors == "")
        #expect(server.requests.map(\.path) == Array(repeating: "/v1/sources/cloudstack", count: 3))
        #expect(
            server.requests.map { $0.headers["content-type"] } == Array(repeating: "application/x-ndjson", count: 3)
        )
        #expect(server.requests[1].body.hasPrefix(#"{"n":501}"# + "\n"))
        #expect(server.requests[2].headers["authorization"] == "Bearer t0ken")
    }

    @Test(
        arguments: [
            (#"{"specversion":"1.0","id":"1"}"#, [], "/v1/events", "application/cloudevents+json"),
            (#"[{"specversion":"1.0"},{"specversion":"1.0"}]"#, [], "/v1/events", "application/cloudevents-batch+json"),
            (#"{"specversion":"1.0"}"# + "\n" + #"{"specversion":"1.0"}"#, [], "/v1/events", "application/x-ndjson"),
            (#"{"specversion":"1.0"}"#, ["--source", "mine"], "/v1/sources/mine", "application/json"),
            (#"{"event":"VM.START"}"#, [], "/v1/sources/cloudstack", "application/json"),
            (#"[{"event":"VM.START"}]"#, ["--source", "a/b c"], "/v1/sources/a%2Fb%20c", "application/json"),
        ] as [(String, [String], String, String)]
    )
    func `the first event decides where it goes`(
        text: String,
        options: [String],
        path: String,
        contentType: String
    ) async throws {
        let server = try LoopbackServer { _, _ in Self.accepted(1) }
        let folder = try TemporaryFolder()
        _ = try await run(["publish", try folder.file("e", text)] + options, server: server)
        let request = try #require(server.requests.first)
        #expect(request.path == path)
        #expect(request.headers["content-type"] == contentType)
        #expect(request.body == text)
    }

    @Test func `one event goes with its topic`() async throws {
        let server = try LoopbackServer { _, _ in Self.accepted(1) }
        let folder = try TemporaryFolder()
        _ = try await run("publish", try folder.file("e", "null"), "--topic", "cs.ActionEvent.X", server: server)
        #expect(server.requests.first?.headers["x-martlet-topic"] == "cs.ActionEvent.X")
        #expect(server.requests.first?.body == "null")
    }

    @Test func `what is quarantined is named by its line and fails the command`() async throws {
        let server = try LoopbackServer { _, _ in
            Self.accepted(2, quarantined: 1, problems: #"{"index":1,"reason":"a value is missing"}"#)
        }
        let folder = try TemporaryFolder()
        let file = try folder.file("e", "{\"a\":1}\n\n{\"b\":\n{\"c\":3}\n")
        let run = try await run("publish", file, server: server)
        #expect(run.output == "accepted 2, duplicates 0, quarantined 1\n")
        #expect(run.errors == "line 3: a value is missing\n")
        #expect(run.status == .failed)
    }

    @Test(arguments: [
        ("{}\n{}\n\n{\n", 2, "line 2, column 9: odd", "line 4, column 9: odd\n"),
        ("[{},\n{},\n\n7]", 2, "no object", "line 4: no object\n"),
        ("{\n\"a\":\n}", 0, "line 2, column 4: odd", "line 2, column 4: odd\n"),
    ])
    func `the line is that of the input, not that of the request`(
        text: String,
        index: Int,
        reason: String,
        expected: String
    ) async throws {
        let server = try LoopbackServer { _, _ in
            Self.accepted(0, quarantined: 1, problems: #"{"index":\#(index),"reason":"\#(reason)"}"#)
        }
        let folder = try TemporaryFolder()
        #expect(try await run("publish", try folder.file("e", text), server: server).errors == expected)
    }

    @Test func `a busy server is waited for as long as it asks`() async throws {
        let server = try LoopbackServer { _, count in
            count < 2
                ? .problem(
                    "overloaded",
                    "More comes in than can be committed.",
                    status: 503,
                    headers: ["Retry-After": "\(count + 3)"]
                )
                : Self.accepted(1)
        }
        let folder = try TemporaryFolder()
        let run = try await run("publish", try folder.file("e", "{}"), server: server)
        #expect(run.output == "accepted 1, duplicates 0, quarantined 0\n")
        #expect(run.waits == [.seconds(3), .seconds(4)])
        #expect(
            run.errors.hasPrefix(
                "The server cannot take more now: More comes in than can be committed. Trying again in 3 s.\n"
            )
        )
    }

    @Test func `a server that stays busy is given up, and the user told where to go on`() async throws {
        let server = try LoopbackServer { _, count in
            count == 0
                ? Self.accepted(500)
                : .problem("store-full", "The disk is full.", status: 503, headers: ["Retry-After": "600"])
        }
        let folder = try TemporaryFolder()
        let file = try folder.file("e", (1...600).map { #"{"n":\#($0)}"# }.joined(separator: "\n"))
        let run = try await run("publish", file, server: server)
        #expect(run.waits == Array(repeating: .seconds(30), count: 9))
        #expect(run.status == .failed)
        #expect(
            run.failure?.message == """
                The disk is full.
                Published before that: accepted 500, duplicates 0, quarantined 0. What begins on line 501 is not published, or not \
                known to be.
                """
        )
    }

    @Test func `a batch of lines without any JSON is counted as refused, and the rest goes on`() async throws {
        let server = try LoopbackServer { request, _ in
            request.body.hasPrefix("{") ? Self.accepted(500) : .problem("not-json", "This is no JSON.", status: 400)
        }
        let folder = try TemporaryFolder()
        let file = try folder.file("e", String(repeating: "{}\n", count: 500) + "oops\n")
        let run = try await run("publish", file, server: server)
        #expect(run.output == "accepted 500, duplicates 0, quarantined 0, refused 1\n")
        #expect(run.errors == "line 501: this is no JSON\n")
        #expect(run.status == .failed)
    }

    @Test func `a damaged array costs what follows, not what came before`() async throws {
        let server = try LoopbackServer { _, _ in Self.accepted(2) }
        let folder = try TemporaryFolder()
        let run = try await run("publish", try folder.file("e", "[{},\n{},\n{]"), server: server)
        #expect(server.requests.map(\.body) == ["[{},{}]"])
        #expect(run.status == .failed)
        #expect(run.failure?.message.contains("accepted 2") == true)
    }

    @Test func `a progress line is drawn on a terminal, and taken away`() async throws {
        let server = try LoopbackServer { _, _ in Self.accepted(1) }
        let folder = try TemporaryFolder()
        let run = try await run(
            "publish",
            try folder.file("e", "{}"),
            server: server,
            environment: ["NO_COLOR": "1"],
            width: 80
        )
        #expect(run.errors == "\r\u{1B}[Ke  ━━━━━━━━━━━━━━━━━━━━  100%  2 B of 2 B\r\u{1B}[K")
    }

    @Test func `what is no file is said so`() async throws {
        let server = try LoopbackServer { _, _ in Self.accepted(1) }
        let run = try await run("publish", "/nowhere/events.jsonl", server: server)
        #expect(run.failure == CommandFailure("There is no file /nowhere/events.jsonl."))
    }
}
