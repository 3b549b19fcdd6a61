package import Foundation
import Synchronization

/// A Kafka cluster of a test's own: librdkafka's mock, in a process that ends with this value and with the test process.
///
/// It keeps nothing on disk, and of each partition the last 5 MiB. A topic that nobody made is made with four partitions when
/// somebody asks for it.
package final class KafkaMockCluster: Sendable {
    /// What is waiting for its answer: one command at a time.
    private struct Pipes {
        var input: FileHandle
        var output: FileHandle
    }

    package static let isInstalled = FileManager.default.isExecutableFile(atPath: executable.path)
    /// For a test's condition.
    package static let absenceReason = "kafka-mock is not there: Scripts/prepare-test-tools makes it"

    /// Where the tools that tests need are: `MARTLET_TEST_TOOLS`, or `.build/test-tools` of the package.
    package static let tools: URL =
        if let path = ProcessInfo.processInfo.environment["MARTLET_TEST_TOOLS"] {
            URL(filePath: path)
        } else {
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/test-tools")
        }

    private static let executable = tools.appending(path: "bin/kafka-mock")

    /// `127.0.0.1:PORT,…`, one for each broker; broker 1 is the first.
    package let bootstrapServers: String
    private let process: Process
    private let pipes: Mutex<Pipes>

    /// Starts a cluster.
    ///
    /// - Parameter topics: what is there from the beginning, with the number of partitions.
    package static func start(brokers: Int = 1, topics: [String: Int] = [:]) async throws -> KafkaMockCluster {
        try await BlockingCall.run { try KafkaMockCluster(brokers: brokers, topics: topics) }
    }

    private init(brokers: Int, topics: [String: Int]) throws {
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL = Self.executable
        process.arguments = ["\(brokers)"] + topics.map { "\($0.key):\($0.value)" }
        process.standardInput = input
        process.standardOutput = output
        try process.runWithSignals()
        let pipes = Pipes(input: input.fileHandleForWriting, output: output.fileHandleForReading)
        bootstrapServers = try Self.line(from: pipes.output)
        self.pipes = Mutex(pipes)
    }

    /// The process ends at the end of its input.
    deinit { pipes.withLock { try? $0.input.close() } }

    /// Where a broker listens; the first is 1.
    package func address(ofBroker number: Int) -> String {
        String(bootstrapServers.split(separator: ",")[number - 1])
    }

    package func makeTopic(_ name: String, partitions: Int) async throws {
        try await command("topic \(name) \(partitions)")
    }

    /// What is said of a topic when it is asked for: 3 that it is unknown, 29 that it is not allowed; 0 for nothing again.
    package func setError(_ code: Int32, ofTopic name: String) async throws {
        try await command("topic-error \(name) \(code)")
    }

    /// Moves a partition to another leader; to none where the broker is -1.
    package func moveLeader(of topic: String, _ partition: Int, toBroker broker: Int) async throws {
        try await command("leader \(topic) \(partition) \(broker)")
    }

    /// Cuts a broker off from everybody; all of them where the number is -1.
    package func takeDown(broker: Int = -1) async throws { try await command("down \(broker)") }

    package func bringUp(broker: Int = -1) async throws { try await command("up \(broker)") }

    /// Fails the next requests of a kind, which is a number of Kafka's protocol: 0 produce, 1 fetch, 8 commit. Code -195 cuts
    /// the connection instead.
    package func fail(_ request: Int, with code: Int32, count: Int = 1) async throws {
        try await command("error \(request) \(code) \(count)")
    }

    /// Fails requests of a kind no more.
    package func stopFailing(_ request: Int) async throws { try await command("clear \(request)") }

    /// Has each answer of a broker come later; of all where the number is -1.
    package func delay(broker: Int = -1, milliseconds: Int) async throws {
        try await command("rtt \(broker) \(milliseconds)")
    }

    package func moveCoordinator(ofGroup group: String, toBroker broker: Int) async throws {
        try await command("coordinator \(group) \(broker)")
    }

    /// What versions of a request the brokers understand; none where both are -1.
    package func setVersions(ofRequest request: Int, from minimum: Int, to maximum: Int) async throws {
        try await command("version \(request) \(minimum) \(maximum)")
    }

    /// Sends a command and waits for its answer, on a thread of its own.
    private func command(_ text: String) async throws {
        let answer = try await BlockingCall.run {
            try self.pipes.withLock { pipes in
                try pipes.input.write(contentsOf: Data("\(text)\n".utf8))
                return try Self.line(from: pipes.output)
            }
        }
        guard answer == "ok" else { throw ServerProcess.Failure("kafka-mock: \(text): \(answer)") }
    }

    private static func line(from output: FileHandle) throws -> String {
        var line = Data()
        while let byte = try output.read(upToCount: 1), !byte.isEmpty {
            if byte.first == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        throw ServerProcess.Failure("kafka-mock has ended")
    }
}
