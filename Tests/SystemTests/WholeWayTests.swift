import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Bytes in over HTTP, through the store, out to a webhook, with the real binary.
@Suite struct WholeWayTests {
    @Test func `each of CloudStack's shapes goes the whole way`() async throws {
        let receiver = try await Receiver()
        let server = try await Server(
            configuration: """
                forwarders:
                  all: { webhook: { url: "\(receiver.url)/hook" }, body: event }
                """
        )
        #expect(CloudStackShape.all.count == 24)
        for shape in CloudStackShape.all {
            var headers = shape.headers
            if let topic = shape.topic { headers.append((name: "X-Martlet-Topic", value: topic)) }
            let answer = try await server.post("/v1/sources/cloudstack", shape.body, headers: headers)
            #expect(answer.status == (shape.headers.isEmpty ? 202 : 200), "\(shape.name): \(answer.text)")
            let position = try #require(try answer.json["position"]?.string, "\(shape.name)")
            let event = try await server.get("/v1/events/\(position)").json
            for (name, value) in shape.expected {
                let actual = event[name]?.string ?? event[name]?.boolean.map { "\($0)" }
                #expect(actual == value, "\(shape.name): \(name)")
            }
            if event["redacted"] == nil, shape.body != "null" {
                let original = try await server.get("/v1/events/\(position)?body=original")
                #expect(original.text == shape.body, "\(shape.name): the original's bytes")
            }
        }
        try await eventually("every event reaches the webhook") { receiver.requests.count >= 24 }
        let bodies = receiver.requests.map(\.text)
        #expect(!bodies.contains { $0.contains("S3CR3T-mark") }, "Credentials are cut before the commit.")
        try await eventually("the numbers add up") {
            let forwarder = try await server.forwarder("all")
            return forwarder["delivered"]?.integer == 24 && forwarder["pending"]?.integer == 0
        }
        #expect(server.stop() == 0)
    }

    @Test func `the index knows the state, the owner and the relations, and the time line leads back`() async throws {
        let server = try await Server()
        let machine = CloudStackShape.machine
        for shape in CloudStackShape.all where shape.headers.isEmpty {
            let headers = shape.topic.map { [(name: "X-Martlet-Topic", value: $0)] } ?? []
            _ = try await server.post("/v1/sources/cloudstack", shape.body, headers: headers)
        }
        let resource = try await server.get("/v1/resources/VirtualMachine/\(machine)").json
        #expect(resource["state"]?.string == "Running")
        #expect(resource["cloud"]?.string == "cloudstack")
        #expect(resource["tenantid"]?.string == CloudStackShape.account)
        let document = try #require(resource["document"])
        #expect(
            document["relations"]?["network"]?.elements.contains { $0.equals("c1f0c8f7-3d9e-4f3f-9c12-5f0e9f8b1d04") }
                == true
        )
        #expect(document["name"]?.string == "web01")
        let timeline = try await server.get("/v1/resources/VirtualMachine/\(machine)/timeline?limit=3").json
        let entries = Array(try #require(timeline["events"]).elements)
        let newestFirst = entries.compactMap { entry in entry["position"]?.string.flatMap { Int($0) } }
        #expect(newestFirst.count == 3)
        #expect(newestFirst == newestFirst.sorted(by: >))
        try await eventually("the full text finds it by name") {
            let found = try await server.get("/v1/resources?search=web01").json
            return found["resources"]?.elements.contains { $0["id"]?.string == machine } == true
        }
    }

    @Test func `a CloudEvent goes in binary, structured and in a batch, and once only`() async throws {
        let server = try await Server()
        let binary = try await server.post(
            "/v1/events",
            #"{"n":1}"#,
            headers: [
                (name: "ce-specversion", value: "1.0"), (name: "ce-id", value: "a1"), (name: "ce-source", value: "/x"),
                (name: "ce-type", value: "com.example.one"), (name: "ce-subject", value: "VirtualMachine/vm%201"),
            ]
        )
        #expect(binary.status == 202, "\(binary.text)")
        let structured = #"{"specversion":"1.0","id":"a2","source":"/x","type":"com.example.two","data":{"k":"é"}}"#
        for expected in [(accepted: 1, duplicates: 0), (accepted: 0, duplicates: 1)] {
            let answer = try await server.post(
                "/v1/events",
                structured,
                headers: [(name: "content-type", value: "application/cloudevents+json")]
            )
            #expect(try answer.json["accepted"]?.integer == Int64(expected.accepted))
            #expect(try answer.json["duplicates"]?.integer == Int64(expected.duplicates))
        }
        let other = structured.replacing("é", with: "e")
        #expect(
            try await server.post("/v1/events", other).json["accepted"]?.integer == 1,
            "other content, same id: kept"
        )
        let batch = try await server.post(
            "/v1/events",
            "[\(structured.replacing("a2", with: "a3")),\(structured.replacing("a2", with: "a4"))]",
            headers: [(name: "content-type", value: "application/cloudevents-batch+json")]
        )
        #expect(try batch.json["accepted"]?.integer == 2)
        let events = try await server.allEvents()
        #expect(events.map { $0["id"]?.string } == ["a1", "a2", "a2", "a3", "a4"])
        #expect(events[0]["subject"]?.string == "VirtualMachine/vm 1")
        #expect(events[1]["data"]?.bytes.elementsEqual(#"{"k":"é"}"#.utf8) == true)
    }

    @Test func `pages, patterns and attributes select events`() async throws {
        let server = try await Server()
        for shape in CloudStackShape.all where shape.headers.isEmpty {
            let headers = shape.topic.map { [(name: "X-Martlet-Topic", value: $0)] } ?? []
            _ = try await server.post("/v1/sources/cloudstack", shape.body, headers: headers)
        }
        let usage = try await server.allEvents(query: "&match=*.UsageEvent.%23")
        #expect(usage.count == 2)
        let failures = try await server.allEvents(query: "&outcome=failure")
        #expect(failures.count == 2)
        let volume = try await server.allEvents(query: "&match=*.*.*.Volume.%23&category=state")
        #expect(volume.count == 1)
        let first = try await server.get("/v1/events?limit=5").json
        #expect(first["events"]?.count == 5)
        #expect(first["next"]?.string == "5")
        let late = try await server.get("/v1/events?after=1000").json
        #expect(late["events"]?.count == 0)
        #expect(late["next"]?.isNull == true)
        #expect(try await server.get("/v1/events?limit=0").status == 400)
        #expect(try await server.get("/v1/events?match=a..b**").status == 400)
    }
}
