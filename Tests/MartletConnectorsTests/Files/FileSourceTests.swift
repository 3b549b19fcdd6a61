import Foundation
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite(.timeLimit(.minutes(2))) struct FileSourceTests {
    private func source(_ path: String, follow: Bool, _ rig: SourceRig) throws -> FileSource {
        try FileSource(
            settings: ComponentSettings(["path": .string(path), "follow": .boolean(follow)]),
            port: rig.port,
            store: rig.store,
            context: rig.context
        )
    }

    @Test(arguments: SourceConformance.Clause.all, [true, false])
    func `a file is a source`(_ clause: SourceConformance.Clause, follow: Bool) async throws {
        let conformance = SourceConformance(features: follow ? [.resumes] : [.resumes, .ends]) { body in
            try await withFolder { folder in
                try await body(
                    SourceConformance.Transport(
                        write: { try folder.append($0, to: "events") },
                        makeSource: { try source(folder.file("events"), follow: follow, $0) }
                    )
                )
            }
        }
        try await conformance.run(clause)
    }

    @Test func `a file is followed from before it is there, across rotation and truncation`() async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                try await rig.run(source(folder.file("events"), follow: true, rig)) {
                    await rig.time.waitForSleepers()
                    try folder.append(SourceRig.lines(["a"]), to: "events")
                    try await rig.waitForEvents(1, movingTime: true)

                    // A last line without a line feed is complete once the file has been replaced.
                    try folder.append(String(SourceRig.lines(["b"]).dropLast()), to: "events")
                    try folder.rename("events", to: "events.1")
                    try folder.append(SourceRig.lines(["c", "d"]), to: "events")
                    try await rig.waitForEvents(4, movingTime: true)

                    try folder.write("", to: "events")
                    try folder.append(SourceRig.lines(["e"]), to: "events")
                    try await rig.waitForEvents(5, movingTime: true)
                }
                #expect(try await rig.eventIDs() == ["a", "b", "c", "d", "e"])
            }
        }
    }

    @Test func `a file that was rotated while nobody read is read to its end first`() async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                try folder.append(SourceRig.lines(["a"]), to: "events")
                try await source(folder.file("events"), follow: false, rig).run()
                try folder.append(SourceRig.lines(["b"]), to: "events")
                try folder.rename("events", to: "events.20260101T000000Z")
                try folder.append(SourceRig.lines(["c"]), to: "events")
                try await rig.run(source(folder.file("events"), follow: true, rig)) {
                    try await rig.waitForEvents(3, movingTime: true)
                }
                #expect(try await rig.eventIDs() == ["a", "b", "c"])
                #expect(rig.intake.counters.sources[rig.port.name]?.duplicates == 0)
            }
        }
    }

    @Test(arguments: [["c"], ["c-with-a-longer-name", "d-with-a-longer-name"]])
    func `a file that was replaced while nobody read is read from its beginning`(_ ids: [String]) async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                try folder.append(SourceRig.lines(["a", "b"]), to: "events")
                try await source(folder.file("events"), follow: false, rig).run()
                try folder.write(SourceRig.lines(ids), to: "events")
                try await source(folder.file("events"), follow: false, rig).run()
                #expect(try await rig.eventIDs() == ["a", "b"] + ids)
            }
        }
    }

    @Test func `a half-written line waits for its end`() async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                let line = SourceRig.lines(["b"])
                try folder.append(SourceRig.lines(["a"]) + line.prefix(20), to: "events")
                try await rig.run(source(folder.file("events"), follow: true, rig)) {
                    try await rig.waitForEvents(1)
                    try folder.append(String(line.dropFirst(20)), to: "events")
                    try await rig.waitForEvents(2, movingTime: true)
                }
                #expect(try await rig.eventIDs() == ["a", "b"])
                #expect(try await rig.store.quarantined(source: nil, after: 0, limit: 1).isEmpty)
            }
        }
    }

    @Test func `of a line that is too long the head goes to the quarantine`() async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                let long = String(repeating: "x", count: LineBatch.maximumLineLength + 1)
                try folder.append("\(long)\n" + SourceRig.lines(["a"]), to: "events")
                try await source(folder.file("events"), follow: false, rig).run()
                #expect(try await rig.eventIDs() == ["a"])
                let quarantined = try await rig.store.quarantined(source: nil, after: 0, limit: 10)
                #expect(quarantined.map(\.draft.bytes.count) == [LineCutter.keptHead])
                #expect(quarantined.first?.draft.reason.contains("\(long.utf8.count) bytes") == true)
            }
        }
    }

    @Test func `a file that is missing and not followed is an error that names it`() async throws {
        try await withFolder { folder in
            try await SourceRig.withRig { rig in
                let source = try source(folder.file("events"), follow: false, rig)
                let error = await #expect(throws: SystemCallError.self) { try await source.run() }
                #expect(error?.description.contains(folder.file("events")) == true)
            }
        }
    }

    @Test(arguments: ["", "1:2", "1-2", "1-2:-3", "a-2:3", "1-2-3:4"])
    func `a checkpoint of another kind is none`(_ text: String) {
        #expect(FilePlace(text) == nil)
    }
}
