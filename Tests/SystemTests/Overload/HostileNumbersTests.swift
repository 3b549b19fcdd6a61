import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Numbers at the edge of what a position or an id may be, and beyond it: answered at once, and survived.
@Suite(.timeLimit(.minutes(4))) struct HostileNumbersTests {
    private static let numbers = [
        "-9223372036854775808", "-1", "0", "9223372036854775807", "9223372036854775808", "99999999999999999999",
    ]

    private static let paths = [
        "/v1/events?after=N", "/v1/events?limit=N", "/v1/events?since=Nms", "/v1/events?until=Nms&wait=1",
        "/v1/events/N", "/v1/resources/VirtualMachine/vm-1/timeline?before=N",
        "/v1/resources/VirtualMachine/vm-1/timeline?limit=N",
        "/v1/resources?search=vm&limit=N", "/v1/dead-letters?after=N", "/v1/dead-letters?limit=N", "/v1/dead-letters/N",
        "/v1/quarantine?after=N", "/v1/quarantine?limit=N", "/v1/replays/N", "/v1/replays/1/failures?after=N",
        "/v1/syncs/N",
    ]

    private static let bodies = [
        ("/v1/quarantine/retry", #"{"ids":["N"]}"#), ("/v1/quarantine/retry", #"{"ids":[N]}"#),
        ("/v1/forwarders/noc/redeliver", #"{"ids":["N"]}"#), ("/v1/forwarders/noc/discard", #"{"ids":["N"]}"#),
        ("/v1/replays/count", #"{"forwarder":"noc","from":"N"}"#),
        ("/v1/replays/count", #"{"forwarder":"noc","from":"1","to":"N"}"#),
        ("/v1/replays/count", #"{"forwarder":"noc","from":"1","after":"N"}"#),
        ("/v1/replays", #"{"forwarder":"noc","from":"1","to":"N"}"#),
        ("/v1/replays", #"{"forwarder":"noc","from":"1","rate":N}"#),
    ]

    @Test func `no number makes the server fall, fail or fall silent`() async throws {
        let server = try await Server(
            configuration: """
                sources: { events: { http: {}, format: cloudevents } }
                forwarders: { noc: { match: ["none.#"], webhook: { url: "http://127.0.0.1:1/" } } }
                """
        )
        let events = (1...3).map { number in
            #"{"specversion":"1.0","id":"\#(number)","source":"/t","type":"t","resourcetype":"VirtualMachine","resourceid":"vm-1"}"#
        }
        #expect(try await server.post("/v1/events", "[\(events.joined(separator: ","))]").status == 202)
        for number in Self.numbers {
            for path in Self.paths {
                let path = path.replacing("N", with: number)
                let answer = try await server.get(path)
                #expect([200, 400, 404].contains(answer.status), "\(path): \(answer.status) \(answer.text)")
            }
            for (path, body) in Self.bodies {
                let body = body.replacing("N", with: number)
                let answer = try await server.post(path, body)
                #expect([200, 201, 400, 404, 409].contains(answer.status), "\(path) \(body): \(answer.text)")
            }
        }
        let refused = try await server.post("/v1/quarantine/retry", #"{"ids":["-9223372036854775808"]}"#)
        #expect(refused.status == 400 && refused.text.contains("-9223372036854775808"), "\(refused.text)")
        #expect(try await server.get("/v1/events").json["events"]?.count == 3)
        #expect(server.stop() == 0)
    }
}
