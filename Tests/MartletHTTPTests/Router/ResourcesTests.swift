import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct ResourcesTests {
    private static func post(to api: APIHarness) async throws {
        let running = APIHarness.event("1", extra: #","newstate":"Running","tenantid":"t-1""#)
        let stopped = APIHarness.event("2", extra: #","oldstate":"Running","newstate":"Stopped""#)
        _ = try await api.send(.post, "/v1/sources/prod", "[\(running),\(stopped)]")
        _ = try await api.send(.post, "/v1/sources/prod", APIHarness.event("3", vm: "vm-2"))
        // The same resource in another cloud, and an id that has to be encoded.
        _ = try await api.send(.post, "/v1/events", APIHarness.event("4", vm: "vm-2"))
        _ = try await api.send(.post, "/v1/events", APIHarness.event("5", vm: "a/b c"))
    }

    @Test func `a resource is shown with its state and its document`() async throws {
        try await APIHarness.run { api in
            try await ResourcesTests.post(to: api)
            let resource = try await api.send(.get, "/v1/resources/VirtualMachine/vm-1").json
            #expect(resource["state"]?.string == "Stopped")
            #expect(resource["tenantid"]?.string == "t-1")
            #expect(resource["cloud"]?.string == "prod")
            #expect(resource["position"]?.string == "2")
            #expect(resource["document"]?["state"]?.string == "Stopped")
            let encoded = try await api.send(.get, "/v1/resources/VirtualMachine/a%2Fb%20c").json
            #expect(encoded["id"]?.string == "a/b c")
        }
    }

    @Test func `a resource of several clouds needs the cloud`() async throws {
        try await APIHarness.run { api in
            try await ResourcesTests.post(to: api)
            let answer = try await api.send(.get, "/v1/resources/VirtualMachine/vm-2")
            #expect(answer.status == 409)
            #expect(try answer.problemCode == "ambiguous-resource")
            #expect(try answer.json["clouds"]?.elements.compactMap(\.string) == ["events", "prod"])
            let one = try await api.send(.get, "/v1/resources/VirtualMachine/vm-2?cloud=prod").json
            #expect(one["cloud"]?.string == "prod")
        }
    }

    @Test(arguments: ["", "/timeline"])
    func `a resource that no event has spoken of is unknown`(_ suffix: String) async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.get, "/v1/resources/VirtualMachine/none\(suffix)")
            #expect(try answer.problemCode == "unknown-resource")
        }
    }

    @Test func `a time line is newest first, in pages`() async throws {
        try await APIHarness.run { api in
            try await ResourcesTests.post(to: api)
            let path = "/v1/resources/VirtualMachine/vm-1/timeline"
            let first = try await api.send(.get, "\(path)?limit=1").json
            #expect(first["events"]?[0]?["id"]?.string == "2")
            let next = try #require(first["next"]?.string)
            let second = try await api.send(.get, "\(path)?limit=2&before=\(next)").json
            #expect(second["events"]?.elements.compactMap { $0["id"]?.string } == ["1"])
            #expect(second["next"]?.isNull == true)
        }
    }

    /// Reads a list page by page, none of them larger than the budget and one event.
    private static func countInPages(_ path: String, _ list: String, _ parameter: String, _ api: APIHarness)
        async throws
        -> Int
    {
        var (count, place) = (0, "")
        while true {
            let answer = try await api.send(.get, path + place)
            #expect(answer.bytes.count < EventReader.answerBudget + (4 << 20))
            let json = try answer.json
            count += json[list]?.count ?? 0
            guard let next = json["next"]?.string else { return count }
            place = "&\(parameter)=\(next)"
        }
    }

    @Test func `large events are answered in pages that are bounded in bytes`() async throws {
        try await APIHarness.run { api in
            let filling = String(repeating: "x", count: 3 << 20)
            for number in 1...9 {
                let event = APIHarness.event("\(number)", extra: #","filling":"\#(filling)""#)
                #expect(try await api.send(.post, "/v1/sources/prod", event).status == 202)
            }
            // The destination has rejected all of them.
            try await api.waitForDeadLetters(9)
            let line = "/v1/resources/VirtualMachine/vm-1/timeline?limit=1000"
            #expect(try await Self.countInPages(line, "events", "before", api) == 9)
            #expect(try await Self.countInPages("/v1/dead-letters?limit=1000", "deadletters", "after", api) == 9)
        }
    }

    @Test func `a search finds, and says how far it has read`() async throws {
        try await APIHarness.run { api in
            try await ResourcesTests.post(to: api)
            let found = try await api.send(.get, "/v1/resources?search=vm-1").json
            #expect(found["resources"]?.elements.compactMap { $0["id"]?.string } == ["vm-1"])
            #expect(found["indexedthrough"]?.string == "5")
            let none = try await api.send(.get, "/v1/resources?search=vm-1&state=Running").json
            #expect(none["resources"]?.count == 0)
            #expect(try await api.send(.get, "/v1/resources").problemCode == "invalid-parameter")
        }
    }
}
