import Foundation
import MartletJSON
import Synchronization

/// OpenStack's own library, oslo.messaging, as a publisher of notifications: a process that ends with this value and with the
/// test process, and keeps its connections between batches as a service does.
package final class OsloPublisher: Sendable {
    /// What a service would publish.
    package struct Notification: Sendable {
        /// The service's control exchange.
        package var exchange: String
        package var eventType: String
        package var priority = "info"
        package var topics = ["notifications"]
        /// `messaging` or `messagingv2`.
        package var driver = "messagingv2"
        /// A JSON object.
        package var payload = "{}"
        /// A JSON object: what the service makes its request's context of.
        package var context = "{}"
        /// Whether the context goes out without its token, as it does from oslo.messaging 14.7.0 on.
        package var redactsContext = true

        package init(_ exchange: String, _ eventType: String) {
            self.exchange = exchange
            self.eventType = eventType
        }

        package func with(_ change: (inout Notification) -> Void) -> Notification {
            var copy = self
            change(&copy)
            return copy
        }
    }

    private struct Pipes {
        var input: FileHandle
        var output: FileHandle
    }

    package static let isInstalled = FileManager.default.isExecutableFile(
        atPath: KafkaMockCluster.tools.appending(path: "bin/oslo-messaging-send-notification").path
    )
    /// For a test's condition.
    package static let absenceReason = "oslo.messaging is not there: Scripts/prepare-test-tools installs it"

    /// The folder with the programs in Python.
    private static let programs = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Tests/Tools/oslo")
    private static let python = KafkaMockCluster.tools.appending(path: "bin/python3")

    private let url: String
    private let process: Process
    private let pipes: Mutex<Pipes>

    /// - Parameter url: oslo's `transport_url`: `rabbit://…` or `kafka://…`.
    package init(url: String) throws {
        self.url = url
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL = Self.python
        process.arguments = [Self.programs.appending(path: "notify.py").path]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.runWithSignals()
        pipes = Mutex(Pipes(input: input.fileHandleForWriting, output: output.fileHandleForReading))
    }

    /// The process ends at the end of its input.
    deinit { pipes.withLock { try? $0.input.close() } }

    /// Publishes, one after the other.
    ///
    /// - Parameter options: those of `[oslo_messaging_rabbit]`, as a JSON object.
    /// - Returns: how many oslo.messaging has given up on: a service only logs that.
    @discardableResult
    package func publish(_ notifications: [Notification], options: String = "{}") async throws -> Int {
        let batch = Self.line(url: url, options: options, notifications)
        let answer = try await BlockingCall.run {
            try self.pipes.withLock { pipes in
                try pipes.input.write(contentsOf: Data(batch))
                return try Self.line(from: pipes.output)
            }
        }
        let counts = answer.split(separator: " ").compactMap { Int($0) }
        guard counts.count == 2, counts[0] + counts[1] == notifications.count else {
            throw ServerProcess.Failure("oslo.messaging: \(answer)")
        }
        return counts[1]
    }

    /// How oslo.messaging reads transport URLs: a JSON object for each, with `error` where it cannot.
    package static func read(transportURLs urls: [String]) async throws -> [String] {
        let result = try await Command.run(
            python.path,
            [programs.appending(path: "transport_url.py").path],
            input: urls.joined(separator: "\n") + "\n"
        )
        guard result.status == 0 else { throw ServerProcess.Failure("transport_url.py: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }

    private static func line(url: String, options: String, _ notifications: [Notification]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("url", url)
        json.key("options")
        json.raw(Array(options.utf8)[...])
        json.key("notifications")
        json.beginArray()
        for notification in notifications {
            json.beginObject()
            json.member("exchange", notification.exchange)
            json.member("event_type", notification.eventType)
            json.member("priority", notification.priority)
            json.member("driver", notification.driver)
            json.key("topics")
            json.beginArray()
            for topic in notification.topics { json.string(topic) }
            json.endArray()
            json.key("payload")
            json.raw(Array(notification.payload.utf8)[...])
            json.key("context")
            json.raw(Array(notification.context.utf8)[...])
            json.member("redacts", notification.redactsContext)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static func line(from output: FileHandle) throws -> String {
        var line = Data()
        while let byte = try output.read(upToCount: 1), !byte.isEmpty {
            if byte.first == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        throw ServerProcess.Failure("oslo.messaging's process has ended")
    }
}
