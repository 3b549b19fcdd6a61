import Foundation
import MartletJSON
import MartletTesting
import Testing

/// A store in which something has been damaged, with the real program.
@Suite struct DamagedStoreTests {
    private static func event(_ number: Int) -> String {
        """
        {"specversion":"1.0","id":"event-\(number)","source":"/s","type":"t","subject":"VirtualMachine/\(number % 3)",\
        "data":"needle-\(number)-needle"}
        """
    }

    /// A server's directory with forty events, nobody running; a bit of one of them is flipped.
    private func damagedDirectory() async throws -> URL {
        let server = try await Server()
        for number in 1...40 {
            #expect(try await server.post("/v1/events", DamagedStoreTests.event(number)).status == 202)
        }
        #expect(server.stop() == 0)
        let file = server.directory.appending(path: "data/martlet.sqlite")
        var bytes = try Data(contentsOf: file)
        // A page that was split leaves a copy behind, which nothing reads: each is flipped.
        var flipped = 0
        while let place = bytes.range(of: Data("needle-17-needle".utf8)) {
            bytes[place.lowerBound] ^= 1
            flipped += 1
        }
        try #require(flipped > 0)
        try bytes.write(to: file)
        return server.directory
    }

    @Test func `a damaged event is never delivered, is counted and told, and holds up nobody`() async throws {
        let directory = try await damagedDirectory()
        let receiver = try await Receiver()
        let configuration = """
            sources:
              events: { http: {}, format: cloudevents }
            forwarders:
              all: { match: ["*.Event.#"], webhook: { url: "\(receiver.url)" }, body: event, start: earliest }
            """
        let server = try await Server(in: directory, configuration: configuration)
        try await eventually("everything else is delivered") {
            let forwarder = try await server.forwarder("all")
            return forwarder["delivered"]?.integer == 39 && forwarder["skipped"]?.integer == 1
                && forwarder["pending"]?.integer == 0
        }
        #expect(!receiver.requests.contains { $0.text.contains("eedle-17-needle") })
        let page = try await server.get("/v1/events?limit=100").json
        #expect(page["damaged"]?.elements.compactMap(\.string) == ["17"])
        let single = try await server.get("/v1/events/17")
        #expect(single.status == 500)
        #expect(try single.json["code"]?.string == "damaged-event")
        #expect(try await server.get("/metrics").text.contains("martlet_store_damaged_events 1"))
        try await eventually("an alert of Martlet's own names it") {
            try await server.allEvents(query: "&body=event").contains {
                $0["type"]?.string == "martlet.store.damaged" && $0["data"]?["details"]?["positions"]?.string == "17"
            }
        }
        #expect(server.stop() == 0)
        try await receiver.close()
    }

    @Test func `check finds the damage beside a running server, and repair mends it when that has stopped`()
        async throws
    {
        let directory = try await damagedDirectory()
        let data = directory.appending(path: "data").path
        let server = try await Server(in: directory)
        let check = try await Command.martlet("store", "check", "--data", data)
        #expect(check.status == 1, "\(check.errors)")
        #expect(check.output.contains("position 17: its checksum is wrong"), "\(check.output)")
        let refused = try await Command.martlet("store", "repair", "--data", data, "--yes")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("Another Martlet"), "\(refused.errors)")
        #expect(server.stop() == 0)

        let repair = try await Command.martlet("store", "repair", "--data", data, "--yes")
        #expect(repair.status == 0, "\(repair.output) \(repair.errors)")
        #expect(repair.output.contains("1 events, at the positions 17"), "\(repair.output)")
        let clean = try await Command.martlet("store", "check", "--data", data, "--json")
        #expect(clean.status == 0, "\(clean.output)")
        let report = try JSONDocument(parsing: Array(clean.output.utf8)).root
        #expect(report["damaged"]?.boolean == false)
        #expect(report["lost"]?.elements.compactMap(\.string) == ["17-17"])

        let mended = try await Server(in: directory)
        let ids = try await mended.allEvents().compactMap { $0["id"]?.string }.filter { $0.hasPrefix("event-") }
        #expect(ids == (1...40).filter { $0 != 17 }.map { "event-\($0)" })
        // A redelivered event is still known, and a new one gets a position of its own.
        let again = try await mended.post("/v1/events", DamagedStoreTests.event(5))
        #expect(try again.json["duplicates"]?.integer == 1, "\(again.text)")
        #expect(try await mended.post("/v1/events", DamagedStoreTests.event(41)).status == 202)
        #expect(mended.stop() == 0)
        let copies = try FileManager.default.contentsOfDirectory(atPath: data).filter { $0.hasPrefix("damaged-") }
        #expect(copies.count == 1, "the damaged files are kept")
    }
}
