import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct EventsTests {
    /// Events `1` to `count`, of two machines and two types in turn.
    private static func post(_ count: Int, to api: APIHarness) async throws {
        let events = (1...count).map { number in
            APIHarness.event(
                "\(number)",
                vm: "vm-\(number % 2)",
                type: number % 3 == 0 ? "org.example.stop" : "org.example.start",
                extra: number % 4 == 0 ? #","team":"blue""# : ""
            )
        }
        let answer = try await api.send(.post, "/v1/events", "[\(events.joined(separator: ","))]")
        #expect(try answer.json["accepted"]?.integer == Int64(count))
    }

    private static func ids(_ answer: Answer) throws -> [String] {
        try #require(answer.json["events"]).elements.compactMap { $0["id"]?.string }
    }

    @Test func `the log is read in pages, oldest first`() async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(5, to: api)
            var after = "0"
            var ids: [[String]] = []
            for _ in 0..<3 {
                let answer = try await api.send(.get, "/v1/events?limit=2&after=\(after)")
                ids.append(try EventsTests.ids(answer))
                #expect(try answer.json["scanned"]?.string != nil)
                guard let next = try answer.json["next"]?.string else { break }
                after = next
            }
            #expect(ids == [["1", "2"], ["3", "4"], ["5"]])
        }
    }

    @Test func `who reads on where events have been removed is told, and who begins anew is not`() async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(6, to: api)
            _ = try await api.store.removeEvents(through: Position(rawValue: 4), heldBy: [], limit: 10)
            let gone = try await api.send(.get, "/v1/events?after=2")
            #expect(gone.status == 410)
            #expect(try gone.json["code"]?.string == "positions-removed")
            #expect(try gone.json["detail"]?.string?.contains("after=4") == true)
            for query in ["after=4", "after=0", "limit=10", "since=1h"] {
                let answer = try await api.send(.get, "/v1/events?\(query)")
                #expect(try EventsTests.ids(answer) == ["5", "6"])
                #expect(try answer.json["first"]?.string == "5")
            }
        }
    }

    @Test(arguments: [
        ("type=org.example.stop", ["3", "6"]), ("resourceid=vm-0&limit=1", ["2"]),
        ("type=org.example.stop&resourceid=vm-1", ["3"]), ("id=2&id=5", ["2", "5"]), ("team=blue", ["4"]),
        ("nothing=1", []), ("stale=true", []), ("stale=false&id=2", ["2"]),
        ("match=%23", ["1", "2", "3", "4", "5", "6"]), ("match=no.%23", []), ("after=4", ["5", "6"]),
        ("since=1h", ["1", "2", "3", "4", "5", "6"]), ("until=1h", []), ("since=2100-01-01T00:00:00Z", []),
    ])
    func `filters choose`(_ query: String, _ expected: [String]) async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(6, to: api)
            let answer = try await api.send(.get, "/v1/events?\(query)")
            #expect(answer.status == 200)
            #expect(try EventsTests.ids(answer) == expected)
        }
    }

    @Test func `at the head there is nothing more, and a follower goes on from what was looked at`() async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(4, to: api)
            let answer = try await api.send(.get, "/v1/events?type=none")
            #expect(try answer.json["next"]?.isNull == true)
            #expect(try answer.json["scanned"]?.string == "4")
            let full = try await api.send(.get, "/v1/events?limit=4")
            #expect(try full.json["next"]?.isNull == true)
        }
    }

    @Test func `an event is shown as it came in, as a CloudEvent, or with its resource`() async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(1, to: api)
            let original = try await api.send(.get, "/v1/events/1?body=original").json
            #expect(original["position"] == nil)
            let event = try await api.send(.get, "/v1/events/1").json
            #expect(event["position"]?.string == "1")
            #expect(event["data"]?["n"]?.string == "1")
            let enriched = try await api.send(.get, "/v1/events/1?body=enriched").json
            #expect(enriched["data"]?["original"]?["n"]?.string == "1")
            #expect(enriched["data"]?["resource"]?["id"]?.string == "vm-1")
            let page = try await api.send(.get, "/v1/events?body=enriched").json
            #expect(page["events"]?[0]?["data"]?["resource"]?["id"]?.string == "vm-1")
        }
    }

    @Test(arguments: [
        ("/v1/events/2", "not-found"), ("/v1/events/x", "invalid-parameter"), ("/v1/events/-1", "invalid-parameter"),
    ])
    func `an event that is not there is a problem`(_ path: String, _ code: String) async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(1, to: api)
            #expect(try await api.send(.get, path).problemCode == code)
        }
    }

    @Test func `a follower who waits is answered by the first event that matches`() async throws {
        let time = ManualTime()
        try await APIHarness.run(time: time) { api in
            async let answer = api.send(.get, "/v1/events?type=org.example.stop&wait=30")
            // The intake sleeps too, once the forwarder has something to save.
            await time.waitForSleepers()
            // The first commit has nothing that matches.
            _ = try await api.send(.post, "/v1/events", APIHarness.event("0"))
            try await EventsTests.post(6, to: api)
            #expect(try EventsTests.ids(await answer) == ["3", "6"])
        }
    }

    @Test func `a follower who waits is answered with nothing when the time is up`() async throws {
        let time = ManualTime()
        try await APIHarness.run(time: time) { api in
            async let answer = api.send(.get, "/v1/events?wait=30")
            await time.waitForSleepers()
            time.advance(by: .seconds(30))
            let json = try await answer.json
            #expect(json["events"]?.count == 0)
            #expect(json["scanned"]?.string == "0")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `who waits for what can only have been is answered at once`() async throws {
        let time = ManualTime()
        try await APIHarness.run(time: time) { api in
            try await EventsTests.post(1, to: api)
            time.advance(by: .seconds(60))
            _ = try await api.send(.post, "/v1/events", APIHarness.event("late"))
            // No time passes: whoever waited would do so for ever.
            let answer = try await api.send(.get, "/v1/events?until=30s&type=none&wait=30").json
            #expect(answer["events"]?.count == 0)
            #expect(answer["next"]?.isNull == true)
        }
    }

    @Test func `a request looks at so many events and says where to go on`() async throws {
        try await APIHarness.run { api in
            try await EventsTests.post(6, to: api)
            var reader = EventReader(
                store: api.pipeline.store,
                dispatcher: api.pipeline.dispatcher,
                time: api.pipeline.time
            )
            reader.scanBudget = 4
            let query = try EventQuery(QueryParameters("id=6"), now: api.pipeline.time.now)
            let page = try await reader.read(query)
            #expect(page.events.isEmpty)
            #expect(page.next == Position(rawValue: 4))
            #expect(page.scanned == Position(rawValue: 4))
        }
    }
}
