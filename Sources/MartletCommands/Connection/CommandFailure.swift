import ArgumentParser

/// Why a command ends without having done its work: what the user reads, and what a script does.
struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The exit codes, those above 63 from `sysexits.h`.
    enum Status: Int32, Sendable {
        /// The output's reader went away, which is nobody's failure.
        case quiet = 0
        /// The server or the command failed.
        case failed = 1
        case usage = 64
        /// `EX_NOINPUT`
        case noInput = 66
        /// `EX_UNAVAILABLE`
        case unreachable = 69
        /// `EX_NOPERM`
        case unauthorized = 77
        /// `EX_CONFIG`
        case configuration = 78
    }

    var message: String
    var status: Status

    init(_ message: String, status: Status = .failed) {
        self.message = message
        self.status = status
    }

    var description: String { message }

    static let outputClosed = CommandFailure("", status: .quiet)

    /// Ends the command with a code, everything having been said.
    static func silent(_ status: Status) -> CommandFailure { CommandFailure("", status: status) }
}

/// A command that runs in a world of its own choosing.
protocol ContextCommand: AsyncParsableCommand {
    func run(in context: CommandContext) async throws
}

extension ContextCommand {
    mutating func run() async throws {
        do {
            try await run(in: .process)
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { try CommandContext.process.note("martlet: \(failure.message)") }
            throw ExitCode(failure.status.rawValue)
        }
    }
}
