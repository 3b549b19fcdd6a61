import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Publishing to and consuming from RabbitMQ by other people's software: pika, in processes of its own.
enum RabbitMQClient {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: python) && RabbitMQServer.isInstalled
    static let absenceReason = "rabbitmq-server or pika is not installed: make test installs both"

    private static let tools = Server.root.appending(path: "Tests/Tools/rabbitmq")
    private static let python = Server.testTools.appending(path: "bin/python3").path

    /// A message to be published.
    struct Message: Sendable {
        var key: String
        var body: String
        var headers: [String: String] = [:]
        var contentType = "text/plain"

        fileprivate var line: String {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("key", key)
            writer.member("body", body)
            writer.member("content_type", contentType)
            writer.key("headers")
            writer.beginObject()
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.string(value)
            }
            writer.endObject()
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    /// Publishes messages, each until it is confirmed; how many of them were published more than once.
    @discardableResult
    static func publish(_ messages: [Message], to exchange: String, at url: String) async throws -> Int {
        let result = try await Command.run(
            python,
            [tools.appending(path: "publish.py").path, url, exchange],
            input: messages.map { $0.line + "\n" }.joined()
        )
        guard result.status == 0, let last = result.output.split(separator: "\n").last, last.hasPrefix("repeated "),
            let repeated = Int(last.dropFirst("repeated ".count))
        else { throw ServerError("Publishing failed: \(result.errors.suffix(2_000))") }
        return repeated
    }

    /// Consumes what an exchange sends to a pattern, from when this returns.
    static func consume(_ pattern: String, from exchange: String, at url: String) async throws -> Consumer {
        let consumer = try Consumer(
            ServerProcess(
                python,
                [tools.appending(path: "consume.py").path, url, exchange, pattern],
                log: ScratchDirectory.make().appending(path: "consumer.log")
            )
        )
        try await eventually("the consumer is ready") { consumer.isReady }
        return consumer
    }

    /// A consumer that runs as long as it is held.
    struct Consumer: Sendable {
        private let process: ServerProcess

        fileprivate init(_ process: ServerProcess) { self.process = process }

        fileprivate var isReady: Bool { process.logText.hasPrefix("ready\n") }

        /// What has come so far.
        var messages: [JSONValue] {
            get throws {
                // The last line may be in the middle of being written.
                let text = process.logText
                let lines = text.split(separator: "\n").dropFirst().dropLast(text.hasSuffix("\n") ? 0 : 1)
                return try lines.map { try JSONDocument(parsing: String($0)).root }
            }
        }
    }
}
