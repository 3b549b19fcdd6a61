import Foundation
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite(.timeLimit(.minutes(2))) struct FileSinkTests {
    private func sink(
        _ path: String,
        _ settings: [String: ComponentSettings.Value] = [:],
        time: any TimeSource = ManualTime()
    ) throws -> FileSink {
        let settings = settings.merging(["path": .string(path)]) { first, _ in first }
        return try FileSink(settings: ComponentSettings(settings), context: .sample(time: time))
    }

    @Test(arguments: SinkConformance.Clause.all, ["each-batch", "interval", "never"])
    func `a file is a sink`(_ clause: SinkConformance.Clause, sync: String) async throws {
        let conformance = SinkConformance { body in
            try await withFolder { folder in
                let inner = "\(folder.path)/inner"
                try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
                let destination = SinkConformance.Destination(
                    received: {
                        guard FileManager.default.fileExists(atPath: "\(inner)/events") else { return [] }
                        return try folder.read("inner/events").split(separator: "\n").map {
                            try JSONDecoder().decode(EventID.self, from: Data($0.utf8)).id
                        }
                    },
                    fail: { try folder.rename("inner", to: "away") },
                    mend: { try folder.rename("away", to: "inner") }
                )
                try await body(sink("\(inner)/events", ["sync": .string(sync)]), destination)
            }
        }
        try await conformance.run(clause)
    }

    private struct EventID: Decodable {
        let id: String
    }

    @Test func `each event is one line, whatever its body is`() async throws {
        try await withFolder { folder in
            let sink = try sink(folder.file("events"))
            #expect(await sink.send(.originals("{\n  \"a\": 1\r\n}", "no\nJSON", "")) == .whole(.delivered))
            await sink.close()
            #expect(try folder.read("events") == "{   \"a\": 1  }\n\"no\\nJSON\"\n\"\"\n")
        }
    }

    @Test func `the file is its owner's, and its group may read it`() async throws {
        try await withFolder { folder in
            let sink = try sink(folder.file("events"))
            #expect(await sink.send(.events("a")) == .whole(.delivered))
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("events"))
            #expect((attributes[.posixPermissions] as? Int).map { $0 & ~0o640 } == 0)
            await sink.close()
        }
    }

    @Test(arguments: ["", "{\"whole\":1}\n"])
    func `a line that a crash tore is cut off before the next is written`(before: String) async throws {
        try await withFolder { folder in
            try folder.write(before + "{\"torn\":", to: "events")
            let sink = try sink(folder.file("events"))
            #expect(await sink.send(.originals("{}")) == .whole(.delivered))
            await sink.close()
            #expect(try folder.read("events") == before + "{}\n")
        }
    }

    @Test func `a file that would grow too large is put aside, and only so many are kept`() async throws {
        try await withFolder { folder in
            try folder.write("mine\n", to: "events.keep")
            let time = ManualTime()
            let sink = try sink(
                folder.file("events"),
                ["rotate-size": .integer(4_096), "keep": .integer(2)],
                time: time
            )
            let body = "\"\(String(repeating: "x", count: 3_000))\""
            for _ in 1...5 {
                #expect(await sink.send(.originals(body)) == .whole(.delivered))
            }
            time.advance(by: .seconds(1))
            #expect(await sink.send(.originals(body)) == .whole(.delivered))
            await sink.close()
            #expect(
                try folder.names() == [
                    "events", "events.20260101T000000Z-4", "events.20260101T000001Z", "events.keep",
                ]
            )
            #expect(try folder.read("events") == body + "\n")
        }
    }

    @Test func `a file is put aside when a new period begins`() async throws {
        try await withFolder { folder in
            let time = ManualTime(now: Timestamp(seconds: 1_767_225_600 + 86_300))
            let sink = try sink(folder.file("events"), ["rotate-every": .duration(.seconds(86_400))], time: time)
            for (step, body) in [(Duration.zero, "1"), (.seconds(50), "2"), (.seconds(50), "3")] {
                time.advance(by: step)
                #expect(await sink.send(.originals(body)) == .whole(.delivered))
            }
            await sink.close()
            #expect(try folder.names() == ["events", "events.20260102T000000Z"])
            #expect(try folder.read("events.20260102T000000Z") == "1\n2\n")
        }
    }

    @Test func `a file that another program moved away is made anew`() async throws {
        try await withFolder { folder in
            let sink = try sink(folder.file("events"))
            #expect(await sink.send(.originals("1")) == .whole(.delivered))
            try folder.rename("events", to: "moved")
            #expect(await sink.send(.originals("2")) == .whole(.delivered))
            await sink.close()
            #expect(try folder.read("moved") == "1\n")
            #expect(try folder.read("events") == "2\n")
        }
    }

    @Test func `two sinks do not write one file`() async throws {
        try await withFolder { folder in
            let first = try sink(folder.file("events"))
            let second = try sink(folder.file("events"))
            #expect(await first.send(.originals("1")) == .whole(.delivered))
            let refused = await second.send(.originals("2")).outcome
            #expect(refused?.reason?.contains("another writer") == true)
            await first.close()
            #expect(await second.send(.originals("2")) == .whole(.delivered))
            await second.close()
            #expect(try folder.read("events") == "1\n2\n")
        }
    }

    @Test func `a path that cannot be written is unavailable, and the reason names it`() async throws {
        try await withFolder { folder in
            for path in [folder.path, folder.file("missing/events")] {
                let outcome = try await sink(path).send(.events("a")).outcome
                #expect(outcome?.name == "unavailable")
                #expect(outcome?.reason?.contains(path) == true)
            }
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func `what is no regular file is refused`() async throws {
        let outcome = try await sink("/dev/full").send(.events("a")).outcome
        #expect(outcome?.name == "unavailable")
    }

    @Test(
        arguments: [
            ["path": .string("")], ["path": .string("/var/log/")], ["path": .string("/x"), "rotate-size": .integer(1)],
            ["path": .string("/x"), "rotate-every": .duration(.seconds(1))],
        ] as [[String: ComponentSettings.Value]]
    )
    func `a setting that cannot work is refused`(_ settings: [String: ComponentSettings.Value]) {
        #expect(throws: ComponentError.self) {
            _ = try FileSink(settings: ComponentSettings(settings), context: .sample())
        }
    }
}
