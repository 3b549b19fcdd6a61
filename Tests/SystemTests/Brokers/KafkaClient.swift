import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Producing to and consuming from Kafka by other people's software: confluent-kafka for Python, which brings another version
/// of librdkafka than Martlet uses, in processes of its own.
enum KafkaClient {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: python) && KafkaMockCluster.isInstalled
    static let absenceReason = "kafka-mock or confluent-kafka is not installed: make test installs both"

    private static let tools = Server.root.appending(path: "Tests/Tools/kafka")
    private static let python = Server.testTools.appending(path: "bin/python3").path

    /// A record to be produced.
    struct Record: Sendable {
        var key: String?
        var value: String?
        var partition: Int?

        fileprivate var line: String {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("key", key)
            writer.member("value", value)
            writer.member("partition", partition)
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    /// Produces records, and returns when all of them are acknowledged.
    static func produce(_ records: [Record], to topic: String, at servers: String) async throws {
        let result = try await Command.run(
            python,
            [tools.appending(path: "produce.py").path, servers, topic],
            input: records.map { $0.line + "\n" }.joined()
        )
        guard result.status == 0 else { throw ServerError("Producing failed: \(result.errors.suffix(2_000))") }
    }

    /// Consumes a topic from its beginning.
    static func consume(_ topic: String, at servers: String) async throws -> Consumer {
        let consumer = try Consumer(
            ServerProcess(
                python,
                [tools.appending(path: "consume.py").path, servers, topic],
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

        fileprivate var isReady: Bool { process.logText.contains("ready\n") }

        /// What has come so far.
        var records: [JSONValue] {
            get throws {
                // The last line may be in the middle of being written; what the library logs stands between.
                let text = process.logText
                let lines = text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
                return try lines.filter { $0.hasPrefix("{") }.map { try JSONDocument(parsing: String($0)).root }
            }
        }
    }
}
