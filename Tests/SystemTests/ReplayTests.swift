import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Replays of the real binary: beside live traffic, over kill -9, to a forwarder's destination and to a sink of its own.
@Suite struct ReplayTests {
    private static func batch(_ name: String, _ numbers: Range<Int>, resources: Int = 7) -> String {
        let events = numbers.map { number in
            """
            {"specversion":"1.0","id":"\(name)-\(number)","source":"/t","type":"t",\
            "subject":"VirtualMachine/\(number % resources)","data":{"n":\(number),"hostid":"LEAK","name":"shown"}}
            """
        }
        return "[\(events.joined(separator: ","))]"
    }

    private static func numbers(_ forwarder: JSONValue) -> [Int64] {
        ["committed", "delivered", "filtered", "dead", "skipped", "pending"].compactMap { forwarder[$0]?.integer }
    }

    private static func events(_ receiver: Receiver) throws -> [JSONValue] {
        try receiver.requests.map { try JSONDocument(parsing: $0.body).root }
    }

    private static func replay(_ server: Server, _ id: String) async throws -> JSONValue {
        try await server.get("/v1/replays/\(id)").json
    }

    @Test func `kill -9 in the middle of a replay skips nothing, and no forwarder's numbers change`() async throws {
        let directory = try ScratchDirectory.make()
        let receiver = try await Receiver()
        let configuration = """
            forwarders:
              hook: { webhook: { url: "\(receiver.url)" }, body: event, start: earliest }
            """
        var server = try await Server(in: directory, configuration: configuration)
        let count = 400
        _ = try await server.post("/v1/events", Self.batch("old", 0..<count))
        try await eventually("the live ones have arrived") {
            try await server.forwarder("hook")["pending"]?.integer == 0
        }
        let made = try await server.post(
            "/v1/replays",
            #"{"forwarder":"hook","from":"earliest","to":"now","rate":200}"#
        )
        #expect(made.status == 201)
        let id = try #require(try made.json["id"]?.string)
        for (round, share) in [4, 2].enumerated() {
            try await eventually("a part of it has arrived") {
                try Self.events(receiver).count { $0["replay"]?.boolean == true } >= count / share
            }
            // In the middle of live traffic too.
            _ = try await server.post("/v1/events", Self.batch("live\(round)", 0..<10))
            server.kill9()
            server = try await Server(in: directory, configuration: configuration)
        }
        try await eventually("the replay has finished", patience: .seconds(60)) {
            try await Self.replay(server, id)["state"]?.string == "finished"
        }
        try await eventually("live traffic went on") { try await server.forwarder("hook")["pending"]?.integer == 0 }

        let replay = try await Self.replay(server, id)
        #expect(replay["total"]?.integer == Int64(count) && replay["delivered"]?.integer == Int64(count))
        #expect(replay["failed"]?.integer == 0 && replay["skipped"]?.integer == 0)
        let numbers = Self.numbers(try await server.forwarder("hook"))
        #expect(numbers == [Int64(count + 20), Int64(count + 20), 0, 0, 0, 0])
        let replayed = try Self.events(receiver).filter { $0["replay"]?.boolean == true }
        #expect(Set(replayed.compactMap { $0["id"]?.string }) == Set((0..<count).map { "old-\($0)" }))
        #expect(replayed.count < count + count / 4, "No more than a fraction of a second is repeated.")
        try Self.expectOrder(replayed)
        let ids = receiver.requests.map { $0.headers["webhook-id"] ?? "" }
        let live = try Self.events(receiver).count { $0["replay"]?.boolean != true }
        #expect(live >= count + 20)
        #expect(Set(ids.filter { $0.contains("replay") }).count == count, "A repeated one has the id of the first.")
        #expect(server.stop() == 0)
    }

    /// Promise 6 in the replay itself: the first arrivals of each resource's events rise in position.
    private static func expectOrder(_ events: [JSONValue]) throws {
        var highest: [String: Int] = [:]
        var seen: Set<Int> = []
        for event in events {
            let position = try #require(event["position"]?.string.flatMap { Int($0) })
            let subject = try #require(event["subject"]?.string)
            guard seen.insert(position).inserted else { continue }
            #expect(position > highest[subject, default: 0], "Swapped within \(subject).")
            highest[subject] = position
        }
    }

    @Test func `protected fields do not leave by a replay, and the filter holds`() async throws {
        let receiver = try await Receiver()
        let server = try await Server(
            configuration: """
                forwarders:
                  noc:
                    match: [{ topic: "#", resourceid: "1" }]
                    webhook: { url: "\(receiver.url)" }
                    protect: { audience: user }
                """
        )
        _ = try await server.post("/v1/events", Self.batch("e", 0..<4, resources: 2))
        try await eventually("the live ones arrive") { receiver.requests.count == 2 }
        let made = try await server.post("/v1/replays", #"{"forwarder":"noc","from":"1","rate":0}"#).json
        let id = try #require(made["id"]?.string)
        try await eventually("it finishes") { try await Self.replay(server, id)["state"]?.string == "finished" }
        let texts = receiver.requests.dropFirst(2).map(\.text)
        #expect(texts.count == 2)
        #expect(texts.allSatisfy { !$0.contains("LEAK") && $0.contains("shown") && $0.contains(#""replay":true"#) })
        #expect(try await Self.replay(server, id)["filtered"]?.integer == 2)
    }

    @Test func `the command replays into a file, says how it went, and counts without sending`() async throws {
        let directory = try ScratchDirectory.make()
        let file = directory.appending(path: "out.jsonl")
        let server = try await Server(in: directory)
        _ = try await server.post("/v1/events", Self.batch("e", 0..<20))
        let sink = "file: { path: \(file.path) }"
        let dry = try await Command.martlet(
            "replay",
            "start",
            "--sink",
            sink,
            "--from",
            "3",
            "--dry-run",
            on: server
        )
        #expect(dry.status == 0)
        #expect(dry.output == "18 of 18 events would go, from position 3 to 20\n")
        #expect(!FileManager.default.fileExists(atPath: file.path))
        let done = try await Command.martlet(
            "replay",
            "start",
            "--sink",
            sink,
            "--from",
            "3",
            "--to",
            "now",
            "--rate",
            "0",
            "--body",
            "event",
            on: server
        )
        #expect(done.status == 0, "\(done.errors)")
        #expect(done.output.contains("replay 1 finished: 18 delivered"), "\(done.output)")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 18 && lines.allSatisfy { $0.contains(#""replay":true"#) })
        let list = try await Command.martlet("replay", "list", on: server)
        #expect(list.output.contains("file of its own") && list.output.contains("finished"))
        let wrong = try await Command.martlet("replay", "start", "--forwarder", "nobody", "--from", "1", on: server)
        #expect(wrong.status == 1 && wrong.errors.contains("There is no forwarder “nobody”"))
    }

    @Test func `a file that a forwarder writes is replayed into by the same hand`() async throws {
        let directory = try ScratchDirectory.make()
        let file = directory.appending(path: "archive.jsonl")
        let server = try await Server(
            in: directory,
            configuration: """
                forwarders:
                  archive: { file: { path: "\(file.path)" }, body: event }
                """
        )
        _ = try await server.post("/v1/events", Self.batch("e", 0..<10))
        try await eventually("the live ones are written") {
            try await server.forwarder("archive")["delivered"]?.integer == 10
        }
        let result = try await Command.martlet(
            "replay",
            "start",
            "--forwarder",
            "archive",
            "--from",
            "earliest",
            "--rate",
            "0",
            on: server
        )
        #expect(result.status == 0, "\(result.errors)")
        _ = try await server.post("/v1/events", Self.batch("later", 0..<5))
        try await eventually("the forwarder goes on") {
            try await server.forwarder("archive")["delivered"]?.integer == 15
        }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 25 && lines.count { $0.contains(#""replay":true"#) } == 10)
    }

    @Test func `after a reload a replay is protected as is configured then, and a forwarder that is gone pauses it`()
        async throws
    {
        let receiver = try await Receiver()
        let open = """
            forwarders:
              noc: { webhook: { url: "\(receiver.url)" } }
            """
        let server = try await Server(configuration: open)
        // Half a minute's worth, of which a busy machine may take its time to see the beginning.
        _ = try await server.post("/v1/events", Self.batch("e", 0..<600))
        try await eventually("the live ones arrive") { receiver.requests.count == 600 }
        let made = try await server.post("/v1/replays", #"{"forwarder":"noc","from":"1","rate":20}"#).json
        let id = try #require(made["id"]?.string)
        try await eventually("it has begun") { receiver.requests.count > 603 }
        _ = try await server.reload(open.replacing(" } }", with: " }, protect: { audience: user } }"))
        // What was in flight has been finished before, so that from here on nothing of it is to be seen.
        try await eventually("the run of before has ended") {
            receiver.requests.last.map { !$0.text.contains("LEAK") } ?? false
        }
        let count = receiver.requests.count
        try await eventually("it goes on") { receiver.requests.count > count + 5 }
        #expect(receiver.requests[count...].allSatisfy { !$0.text.contains("LEAK") && $0.text.contains("shown") })
        _ = try await server.reload("forwarders: {}")
        try await eventually("it pauses") { try await Self.replay(server, id)["state"]?.string == "paused" }
        let reason = try await Self.replay(server, id)["pause"]?["reason"]?.string
        #expect(reason?.contains("There is no forwarder “noc”") == true)
        _ = try await server.reload(open)
        #expect(try await server.post("/v1/replays/\(id)/resume", "{}").status == 200)
        let resumed = receiver.requests.count
        try await eventually("it goes on after that") { receiver.requests.count > resumed + 5 }
        #expect(try await server.post("/v1/replays/\(id)/cancel", "{}").status == 200)
    }

    @Test func `secrets of a sink of its own are in no answer and no log`() async throws {
        let receiver = try await Receiver { _, _ in Receiver.Answer(status: 400) }
        let server = try await Server()
        _ = try await server.post("/v1/events", Self.batch("e", 0..<1))
        let secret = "whsec_TEVBS0xFQUtMRUFLTEVBS0xFQUtMRUFL"
        let body = """
            {"sink":{"webhook":{"url":"\(receiver.url)/hook","secret":"\(secret)",
            "headers":{"X-Api-Key":"LEAKHEADER"}}},"from":"1","rate":0}
            """
        let made = try await server.post("/v1/replays", body)
        #expect(made.status == 201)
        let id = try #require(try made.json["id"]?.string)
        try await eventually("it finishes") { try await Self.replay(server, id)["state"]?.string == "finished" }
        var texts = [made.text]
        for path in ["", "/\(id)", "/\(id)/failures"] { texts.append(try await server.get("/v1/replays\(path)").text) }
        texts.append(try await server.get("/v1/status").text)
        texts.append(server.logText)
        for text in texts { #expect(!text.contains(secret) && !text.contains("LEAKHEADER"), "\(text)") }
        #expect(receiver.requests.first?.headers["x-api-key"] == "LEAKHEADER", "It was really used.")
    }
}
