import Foundation
import MartletJSON
import MartletTesting
import Testing

/// The real binary forwards to OpenStack's own Zaqar, whose Redis stands still and is killed meanwhile.
@Suite(.timeLimit(.minutes(10)), .enabled(if: ZaqarServer.isInstalled, "\(ZaqarServer.absenceReason)"))
struct ZaqarOutageTests {
    private static let project = "p1"
    private static let tenants = ["t1", "t2", "none"]
    private static let resources = 40

    private static func events(_ numbers: Range<Int>) -> String {
        let events = numbers.map { number in
            let resource = number % resources
            let tenant = tenants[resource % tenants.count]
            let owner = tenant == "none" ? "" : #","tenantid":"\#(tenant)""#
            return
                #"{"specversion":"1.0","id":"\#(number)","source":"/t","type":"t","subject":"VirtualMachine/\#(resource)""#
                + #"\#(owner),"data":{"n":\#(number)}}"#
        }
        return "[\(events.joined(separator: ","))]"
    }

    @Test func `all are delivered in order, and those that come twice have the same key`() async throws {
        let zaqar = try await ZaqarServer.start()
        let server = try await Server(
            configuration: """
                forwarders:
                  tenants:
                    zaqar:
                      url: \(zaqar.url)
                      queue: martlet-{tenantid:none}
                      project: \(Self.project)
                      ttl: 1d
                      timeout: 2s
                    body: event
                    retry: { initial-delay: 100ms, max-delay: 500ms, attempts: 3 }
                """
        )
        var posted = 0
        func post(_ count: Int) async throws {
            for start in stride(from: posted, to: posted + count, by: 50) {
                let answer = try await server.post("/v1/events", Self.events(start..<start + 50))
                try #require(answer.status == 202, "\(answer.text)")
            }
            posted += count
        }
        func waitForOutage(_ what: Comment) async throws {
            try await eventually(what, patience: .seconds(60)) {
                try await server.forwarder("tenants")["state"]?.string == "unavailable"
            }
        }
        func waitForAll() async throws {
            try await eventually("all \(posted) are delivered", patience: .seconds(120)) {
                try await server.forwarder("tenants")["delivered"]?.integer == Int64(posted)
            }
        }
        try await post(500)
        // Zaqar waits for a Redis that stands still, and may store what nobody waits for any more.
        await zaqar.redis.pause()
        try await post(500)
        try await waitForOutage("a Redis that stands still is noticed")
        await zaqar.redis.resume()
        try await waitForAll()
        await zaqar.redis.kill()
        try await post(500)
        try await waitForOutage("a Redis that is dead is noticed")
        try await zaqar.redis.start()
        try await waitForAll()

        let forwarder = try await server.forwarder("tenants")
        #expect(forwarder["dead"]?.integer == 0)
        #expect(forwarder["pending"]?.integer == 0)
        var keys: [String: Int64] = [:]
        var messages = 0
        for (index, tenant) in Self.tenants.enumerated() {
            let bodies = try await zaqar.bodies(in: "martlet-\(tenant)", project: Self.project)
            messages += bodies.count
            var last: [Int64: Int64] = [:]
            for body in bodies {
                let number = try #require(body["data"]?["n"]?.integer)
                let resource = number % Int64(Self.resources)
                #expect(Int(resource) % Self.tenants.count == index, "an event is in another tenant's queue")
                let known = keys.updateValue(number, forKey: try #require(body["idempotencykey"]?.string))
                #expect(known == nil || known == number, "two events have the same key")
                // Repetitions disregarded.
                guard known == nil else { continue }
                #expect(last[resource, default: -1] < number, "events of one resource are out of order")
                last[resource] = number
            }
        }
        #expect(Set(keys.values) == Set((0..<Int64(posted))))
        #expect(keys.count == posted, "an event has two keys")
        print("\(posted) events, \(messages) messages: \(messages - keys.count) came twice and say so by their keys")
        #expect(server.stop() == 0)
    }
}
