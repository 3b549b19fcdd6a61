import ArgumentParser
import Foundation
import Martlet
import Synchronization
import Testing

@testable import MartletCommands

/// What a command wrote and how it ended.
struct CommandRun: Sendable {
    var output: String
    var errors: String
    var failure: CommandFailure?
    /// For how long it waited, each time.
    var waits: [Duration]

    var status: CommandFailure.Status? { failure?.status }
    var lines: [String] { output.split(separator: "\n").map { String($0) } }
}

/// 2026-01-30T12:00:00Z: the time of all tests.
let testTime = Timestamp(seconds: 1_769_774_400)

/// Runs a command line in a world of the test's making.
///
/// - Parameters:
///   - width: of the terminal; nil where there is none.
///   - answer: what the user types.
///   - onWait: gets how often the command has waited; ends it by throwing `CancellationError`.
func run(
    _ arguments: String...,
    server: LoopbackServer? = nil,
    environment: [String: String] = [:],
    width: Int? = nil,
    answer: String? = nil,
    onWait: @escaping @Sendable (Int) throws -> Void = { _ in }
) async throws -> CommandRun {
    try await run(
        arguments,
        server: server,
        environment: environment,
        width: width,
        answer: answer,
        onWait: onWait
    )
}

/// Runs a command line of a list of words.
func run(
    _ arguments: [String],
    server: LoopbackServer? = nil,
    environment: [String: String] = [:],
    width: Int? = nil,
    answer: String? = nil,
    onWait: @escaping @Sendable (Int) throws -> Void = { _ in }
) async throws -> CommandRun {
    let output = Sink()
    let errors = Sink()
    let waits = Waits()
    var environment = environment
    // An address in the environment would do, but a data directory of this machine must not.
    if let server { environment["MARTLET_URL"] = server.url }
    environment["MARTLET_TOKEN"] = environment["MARTLET_TOKEN"] ?? "t0ken"
    let context = CommandContext(
        environment: environment,
        terminal: Terminal(outputWidth: width, errorWidth: width, isInteractive: answer != nil),
        clock: .utc(now: { testTime }),
        output: { output.append($0) },
        errors: { errors.append($0) },
        answer: { answer },
        sleep: { try onWait(waits.append($0)) }
    )
    let command = try MartletCommand.parseAsRoot(arguments)
    var failure: CommandFailure?
    do {
        let command = try #require(command as? any ContextCommand)
        try await command.run(in: context)
    } catch let error as CommandFailure {
        failure = error
    } catch is CancellationError {
        // How a test ends what would go on.
    }
    return CommandRun(output: output.text, errors: errors.text, failure: failure, waits: waits.all)
}

/// What has been written.
private final class Sink: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }

    func append(_ piece: [UInt8]) { bytes.withLock { $0.append(contentsOf: piece) } }
}

private final class Waits: Sendable {
    private let durations = Mutex<[Duration]>([])

    var all: [Duration] { durations.withLock { $0 } }

    /// How many there have been, this one included.
    func append(_ duration: Duration) -> Int {
        durations.withLock {
            $0.append(duration)
            return $0.count
        }
    }
}

/// A folder that is removed with the test.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
