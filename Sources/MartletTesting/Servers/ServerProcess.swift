package import Foundation
import Synchronization

/// A server that a test has started: its output goes to a file, and it surely ends with the test process.
///
/// A shell stands between: it waits for the server, takes signals' names through a pipe, and kills the server when the
/// pipe closes, as it does however this process ends.
package final class ServerProcess: Sendable {
    /// Why a server is not there.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// What a server can be sent.
    package enum Signal: String, Sendable {
        case terminate = "TERM"
        case kill = "KILL"
        case interrupt = "INT"
        case hangUp = "HUP"
        /// It stands still, its sockets open, until ``continue``.
        case pause = "STOP"
        case `continue` = "CONT"
    }

    /// Where its standard output and error go.
    package let log: URL
    private let process: Process
    private let input: FileHandle

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: the path, or a name to be found in `PATH`.
    ///   - environment: added to this process's own.
    ///   - log: written on where there is one.
    ///   - directory: removed when the server was killed because this process ended.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        log: URL,
        removing directory: URL? = nil
    ) throws {
        self.log = log
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let output = try FileHandle(forWritingTo: log)
        try output.seekToEnd()
        let pipe = Pipe()
        process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.supervisor, directory?.path ?? "", program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = pipe
        process.standardOutput = output
        process.standardError = output
        try process.runWithSignals()
        try output.close()
        input = pipe.fileHandleForWriting
    }

    /// Closing the pipe has the shell kill the server.
    deinit { try? input.close() }

    package var isRunning: Bool { process.isRunning }

    /// What it has written.
    package var logText: String {
        // A log that is gone says nothing.
        (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    }

    /// Sends a signal; does nothing where the server has ended.
    package func send(_ signal: Signal) {
        guard process.isRunning else { return }
        // A pipe that nobody reads any more belongs to a server that has just ended. SIGPIPE is Foundation's to prevent.
        try? input.write(contentsOf: Data("\(signal.rawValue)\n".utf8))
    }

    /// Sends a signal, and returns the exit status when the server has ended.
    @discardableResult package func end(with signal: Signal = .kill) async -> Int32 {
        send(signal)
        return await waitForExit()
    }

    /// Waits on a thread of its own until the server has ended.
    package func waitForExit() async -> Int32 {
        await BlockingCall.run { [process] in
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// `$0` is the directory to remove or empty, `$@` the server. The reader of signals, which alone keeps the pipe, ends by
    /// itself only when that closes.
    private static let supervisor = """
        exec 3<&0
        "$@" 3<&- </dev/null &
        server=$!
        {
            while read -r signal <&3; do kill -"$signal" "$server"; done
            trap '' TERM
            kill -KILL "$server"
            exit 0
        } &
        reader=$!
        exec 3<&-
        wait "$server"
        status=$?
        kill "$reader" 2>/dev/null
        if wait "$reader" && [ -n "$0" ]; then rm -rf "$0"; fi
        exit "$status"
        """
}
