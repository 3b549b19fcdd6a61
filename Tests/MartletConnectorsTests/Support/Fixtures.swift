import Foundation
import Logging
import Martlet
import MartletPipeline
import MartletTesting

extension ComponentContext {
    /// What a component is made with in a test.
    static func sample(
        body: BodyForm = .event,
        time: any TimeSource = ManualTime(),
        logger: Logger? = nil
    ) -> ComponentContext {
        let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return ComponentContext(name: "test", body: body, time: time, logger: logger ?? silent)
    }
}

extension OutgoingBatch {
    /// A batch of originals with these bodies.
    static func originals(_ bodies: String..., id: String = "batch-1") -> OutgoingBatch {
        OutgoingBatch(
            id: id,
            events: bodies.map { body in
                var event = OutgoingEvent.sample("a")
                event.body = Array(body.utf8)
                event.form = .original
                return event
            }
        )
    }

    /// A batch of CloudEvents with these ids.
    static func events(_ ids: String..., id: String = "batch-1") -> OutgoingBatch {
        OutgoingBatch(id: id, events: ids.map { OutgoingEvent.sample($0) })
    }
}

extension BatchOutcome {
    var outcome: DeliveryOutcome? {
        if case .whole(let outcome) = self { outcome } else { nil }
    }
}

extension DeliveryOutcome {
    /// The kind of outcome, for tables.
    var name: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "retry"
        case .reject: "reject"
        case .unavailable: "unavailable"
        case .gone: "gone"
        case .untried: "untried"
        }
    }

    var reason: String? {
        switch self {
        case .retry(let reason, _), .reject(let reason), .unavailable(let reason, _), .gone(let reason): reason
        case .delivered, .untried: nil
        }
    }
}

/// Runs a body with a new folder that is removed afterwards.
func withFolder(_ body: (Folder) async throws -> Void) async throws {
    let folder = Folder(
        path: FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
    )
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    try await body(folder)
}

/// A folder of a test's own.
struct Folder: Sendable {
    let path: String

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
    }

    func append(_ text: String, to name: String) throws {
        if !FileManager.default.fileExists(atPath: file(name)) { try write("", to: name) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file(name)))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    func rename(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: file(name), toPath: file(other))
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
