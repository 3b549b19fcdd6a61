import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Forwarders of the real binary against receivers that misbehave.
@Suite struct DeliveryTests {
    private static func event(_ id: String, resource: String = "vm1") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/t","type":"t","subject":"VirtualMachine/\#(resource)","data":{}}"#
    }

    @Test func `500, then 429 with Retry-After, then 200: delivered once, in order`() async throws {
        let receiver = try await Receiver { _, number in
            switch number {
            case 0: Receiver.Answer(status: 500)
            case 1: Receiver.Answer(status: 429, headers: [(name: "Retry-After", value: "1")])
            default: .ok
            }
        }
        let server = try await Server(
            configuration: """
                forwarders:
                  hook:
                    webhook: { url: "\(receiver.url)", secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" }
                    body: event
                    retry: { attempts: 5, initial-delay: 50ms, jitter: none }
                """
        )
        _ = try await server.post("/v1/events", "[\(Self.event("e1")),\(Self.event("e2"))]")
        try await eventually("both are delivered") {
            try await server.forwarder("hook")["delivered"]?.integer == 2
        }
        let ids = receiver.requests.map { $0.headers["webhook-id"] ?? "" }
        #expect(ids.count == 4 && Set(ids).count == 2, "\(ids)")
        #expect(Set(ids.prefix(3)).count == 1, "The same id at each attempt; the second waits for the first.")
        #expect(receiver.requests.allSatisfy { $0.headers["webhook-signature"]?.hasPrefix("v1,") == true })
        let forwarder = try await server.forwarder("hook")
        #expect(forwarder["dead"]?.integer == 0)
        #expect(forwarder["pending"]?.integer == 0)
        #expect(forwarder["committed"]?.integer == 2)
    }

    @Test func `a dead forwarder delays no other`() async throws {
        let receiver = try await Receiver()
        let closed = try await Receiver()
        try await closed.close()
        let server = try await Server(
            configuration: """
                forwarders:
                  alive: { webhook: { url: "\(receiver.url)" }, body: event }
                  dead: { webhook: { url: "http://127.0.0.1:1/none" }, body: event }
                """
        )
        for number in 0..<20 {
            _ = try await server.post("/v1/events", Self.event("n\(number)", resource: "\(number)"))
        }
        try await eventually("the living one has all") {
            try await server.forwarder("alive")["delivered"]?.integer == 20
        }
        let dead = try await server.forwarder("dead")
        #expect(dead["state"]?.string == "unavailable")
        #expect(dead["pending"]?.integer == 20)
        #expect(dead["dead"]?.integer == 0)
        #expect(dead["last_error"]?.string?.contains("127.0.0.1") == true)
    }

    @Test func `a dead letter is shown, redelivered and discarded`() async throws {
        let receiver = try await Receiver { _, _ in Receiver.Answer(status: 400) }
        let server = try await Server(
            configuration: """
                forwarders:
                  hook: { webhook: { url: "\(receiver.url)" }, body: event }
                """
        )
        _ = try await server.post("/v1/events", "[\(Self.event("d1")),\(Self.event("d2"))]")
        try await eventually("both are dead") { try await server.forwarder("hook")["dead"]?.integer == 2 }
        let letters = try await server.get("/v1/dead-letters?forwarder=hook").json
        let ids = try #require(letters["deadletters"]).elements.compactMap { $0["id"]?.string }
        #expect(ids.count == 2)
        #expect(letters["deadletters"]?[0]?["reason"]?.string?.contains("400") == true)
        receiver.answer { _, _ in .ok }
        let redelivered = try await server.post("/v1/forwarders/hook/redeliver", #"{"ids":["\#(ids[0])"]}"#)
        #expect(try redelivered.json["redelivered"]?.integer == 1)
        let discarded = try await server.post("/v1/forwarders/hook/discard", #"{"ids":["\#(ids[1])"]}"#)
        #expect(try discarded.json["discarded"]?.integer == 1)
        try await eventually("nothing is dead or pending") {
            let forwarder = try await server.forwarder("hook")
            return forwarder["delivered"]?.integer == 1 && forwarder["skipped"]?.integer == 1
                && forwarder["dead"]?.integer == 0 && forwarder["pending"]?.integer == 0
        }
        let last = try #require(receiver.requests.last)
        #expect(try JSONDocument(parsing: last.body).root["replay"]?.boolean == true, "A redelivery is marked.")
    }

    @Test func `a pause survives a restart, and nothing is lost in it`() async throws {
        let directory = try ScratchDirectory.make()
        let receiver = try await Receiver()
        let configuration = """
            forwarders:
              hook: { webhook: { url: "\(receiver.url)" }, body: event, match: ["#"] }
            """
        var server = try await Server(in: directory, configuration: configuration)
        #expect(try await server.post("/v1/forwarders/hook/pause", "{}").status == 200)
        _ = try await server.post("/v1/events", Self.event("p1"))
        server.kill9()
        server = try await Server(in: directory, configuration: configuration)
        #expect(try await server.forwarder("hook")["state"]?.string == "paused")
        #expect(receiver.requests.isEmpty)
        _ = try await server.post("/v1/forwarders/hook/resume", "{}")
        try await eventually("it is delivered after the pause") { receiver.requests.count == 1 }
        #expect(server.stop() == 0)
    }

    @Test func `a poisonous document costs only itself`() async throws {
        let receiver = try await Receiver()
        let server = try await Server(
            configuration: """
                forwarders:
                  hook: { webhook: { url: "\(receiver.url)" } }
                """
        )
        let id = "6f1c0f6e-51c2-4f0e-8c40-1f5a8c1f7a01"
        let nested = String(repeating: "[", count: 254) + String(repeating: "]", count: 254)
        let result = #"{\"id\":\"\#(id)\",\"x\":\#(nested)}"#
        let job = #"""
            {"jobId":"j","cmdInfo":"{}","instanceUuid":"\#(id)","instanceType":"VirtualMachine","status":"SUCCEEDED",
            "commandEventType":"VM.START","jobResult":"\#(result)"}
            """#
        for _ in 0..<2 { #expect(try await server.post("/v1/sources/cloudstack", job).status == 202) }
        #expect(try await server.get("/v1/resources/VirtualMachine/\(id)").status == 200)
        try await eventually("both arrive, enriched") { try await server.forwarder("hook")["delivered"]?.integer == 2 }
    }

    @Test func `protected fields do not leave`() async throws {
        let receiver = try await Receiver()
        let server = try await Server(
            configuration: """
                forwarders:
                  noc:
                    webhook: { url: "\(receiver.url)" }
                    protect: { audience: user, drop: ["(?i)secretfield", "flavor.extra.*"], mask: [owner.mail] }
                """
        )
        let body = """
            {"specversion":"1.0","id":"x","source":"/t","type":"t","data":{"hostid":"LEAK1","mySecretField":"LEAK2",\
            "flavor":{"extra":{"a":"LEAK3"},"name":"small"},"owner":{"mail":"LEAK4"},"nested":"{\\"hostid\\":\\"LEAK5\\"}"}}
            """
        _ = try await server.post("/v1/events", body)
        try await eventually("it arrives") { receiver.requests.count == 1 }
        let text = receiver.requests[0].text
        for number in 1...5 { #expect(!text.contains("LEAK\(number)"), "LEAK\(number) left: \(text)") }
        #expect(text.contains(#""name":"small""#))
        #expect(text.contains(#""mail":"***""#))
    }
}
