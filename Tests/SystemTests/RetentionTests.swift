import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Retention, backup and restore of the real binary.
@Suite struct RetentionTests {
    private static func events(_ range: ClosedRange<Int>) -> String {
        let filling = String(repeating: "x", count: 4_000)
        let events = range.map { number in
            #"{"specversion":"1.0","id":"e\#(number)","source":"/t","type":"t","data":{"n":\#(number),"x":"\#(filling)"}}"#
        }
        return "[\(events.joined(separator: ","))]"
    }

    private static func publish(_ range: ClosedRange<Int>, to server: Server) async throws {
        for start in stride(from: range.lowerBound, through: range.upperBound, by: 200) {
            let answer = try await server.post("/v1/events", events(start...min(start + 199, range.upperBound)))
            #expect(answer.status == 202, "\(answer.text)")
        }
    }

    private static func first(_ server: Server) async throws -> Int {
        let first = try await server.get("/v1/status").json["store"]?["first"]?.string
        return try #require(first.flatMap { Int($0) })
    }

    @Test
    func `the oldest events go where the store is too large, a slow forwarder holds them, and one that skips says so`()
        async throws
    {
        let receiver = try await Receiver { _, _ in Receiver.Answer(status: 503) }
        func configuration(_ stance: String) -> String {
            """
            store: { path: ignored, retain: { age: forever, size: 2MiB } }
            forwarders:
              slow:
                retention: \(stance)
                start: earliest
                body: event
                webhook: { url: "\(receiver.url)" }
            """
        }
        let server = try await Server(configuration: configuration("wait"))
        try await Self.publish(1...1_000, to: server)
        try await eventually("it is known who holds retention back, and told as an event") {
            let held = try await server.get("/v1/events?type=martlet.retention.held").json["events"]?.elements
            return held?.contains { _ in true } ?? false
        }
        let status = try await server.get("/v1/status").json["retention"]
        #expect(status?["held"]?["forwarder"]?.string == "slow" && status?["oversize"]?.boolean == true)
        #expect(try await Self.first(server) == 1, "Nothing goes past it.")
        let page = try await Command.martlet("status", on: server)
        #expect(page.output.contains("slow holds retention back at position 1"), "\(page.output)")
        #expect(server.stop() == 0)

        let again = try await Server(in: server.directory, configuration: configuration("skip"))
        try await eventually("it gives way") { try await Self.first(again) > 300 }
        let forwarder = try await again.forwarder("slow")
        let numbers = ["delivered", "filtered", "dead", "skipped", "pending"].compactMap { forwarder[$0]?.integer }
        #expect(numbers.count == 5 && numbers.reduce(0, +) == forwarder["committed"]?.integer)
        #expect((forwarder["skipped"]?.integer ?? 0) > 300)
        try await eventually("it is told as an event") {
            let skipped = try await again.get("/v1/events?type=martlet.retention.skipped").json["events"]?.elements
            return skipped?.contains { _ in true } ?? false
        }
        let gone = try await again.get("/v1/events?after=5")
        #expect(gone.status == 410, "\(gone.text)")
        // Those who look back from the end stop where the log begins.
        for (options, shown) in [
            ([], 50...50), (["--type", "t"], 50...50), (["-n", "1000000"], 51...1_000),
            (["--outcome", "failure"], 0...50),
        ] as [([String], ClosedRange<Int>)] {
            let newest = try await Command.run(
                Server.binary.path,
                ["events", "--json"] + options,
                environment: ["MARTLET_URL": again.url, "MARTLET_TOKEN": again.token]
            )
            #expect(newest.status == 0, "\(options): \(newest.errors)")
            #expect(shown.contains(newest.output.split(separator: "\n").count), "\(options)")
        }
        let metrics = try await again.get("/metrics").text
        #expect(metrics.contains("martlet_retention_removed_events_total"))
        #expect(again.stop() == 0)
    }

    @Test func `a backup of a running server is restored, and new events have ids that nobody has seen`() async throws {
        let server = try await Server()
        let data = server.directory.appending(path: "data").path
        let file = server.directory.appending(path: "martlet.backup").path
        try await Self.publish(1...500, to: server)
        let made = try await Command.martlet("store", "backup", file, "--data", data)
        #expect(
            made.status == 0 && made.output.contains("500 events from position 1 to 500"),
            "\(made.output)\(made.errors)"
        )
        #expect(try await Command.martlet("store", "backup", file, "--data", data).status == 1, "It is there already.")
        #expect(try await Command.martlet("store", "backup", file, "--data", data, "--force").status == 0)

        // CloudStack gives no ids: these are derived from the position.
        let nameless = try #require(CloudStackShape.all.first).body
        #expect(try await server.post("/v1/sources/cloudstack", nameless).status == 202)
        let lost = try await server.get("/v1/events/501").json["id"]?.string
        #expect(lost?.hasSuffix("-501") == true)
        let running = try await Command.martlet("store", "restore", file, "--data", data)
        #expect(running.status == 1 && running.errors.contains("Stop it"), "\(running.errors)")
        #expect(server.stop() == 0)

        let restored = try await Command.martlet("store", "restore", file, "--data", data)
        #expect(
            restored.status == 0 && restored.output.contains("what was there is now"),
            "\(restored.output)\(restored.errors)"
        )
        let again = try await Server(in: server.directory)
        #expect(try await again.head() == 500)
        #expect(try await again.post("/v1/sources/cloudstack", nameless).status == 202)
        let next = try await again.get("/v1/events/501").json["id"]?.string
        #expect(next?.hasSuffix("-501") == true && next != lost)
        #expect(again.logText.contains("has been restored"))
        #expect(try await again.get("/v1/events/500").json["id"]?.string == "e500")
        #expect(again.stop() == 0)
    }
}
