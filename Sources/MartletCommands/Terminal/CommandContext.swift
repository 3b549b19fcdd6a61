import Foundation
import Martlet
import MartletJSON

/// Everything a command has of the world around it, so that tests can give it another.
struct CommandContext: Sendable {
    var environment: [String: String]
    var terminal: Terminal
    var clock: WallClock
    /// Appends to standard output.
    var output: @Sendable ([UInt8]) throws -> Void
    /// Appends to standard error.
    var errors: @Sendable ([UInt8]) throws -> Void
    /// Reads a line that the user types; nil at the end of the input.
    var answer: @Sendable () -> String?
    /// Waits; throws when the task is cancelled.
    var sleep: @Sendable (Duration) async throws -> Void

    /// The world of this process.
    static let process = {
        let environment = ProcessInfo.processInfo.environment
        return CommandContext(
            environment: environment,
            terminal: .current(environment: environment),
            clock: .system,
            output: { try Descriptor.write($0, to: STDOUT_FILENO) },
            errors: { try Descriptor.write($0, to: STDERR_FILENO) },
            answer: { readLine() },
            sleep: { try await Task.sleep(for: $0) }
        )
    }()

    /// Writes lines to standard output at once.
    func print(_ lines: [StyledText], inColour: Bool = false) throws {
        guard !lines.isEmpty else { return }
        try output(Array(lines.map { $0.render(inColour: inColour) + "\n" }.joined().utf8))
    }

    func print(_ text: String) throws { try output(Array((text + "\n").utf8)) }

    /// Writes JSON values to standard output, each on a line of its own.
    ///
    /// Line breaks between their members become blanks; JSON has none inside of a string.
    func print(json values: [JSONValue]) throws { try print(json: values.map(\.bytes)) }

    func print(json texts: [Bytes]) throws {
        guard !texts.isEmpty else { return }
        var lines: [UInt8] = []
        for value in texts {
            lines.append(contentsOf: value.lazy.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 })
            lines.append(0x0a)
        }
        try output(lines)
    }

    /// Tells the user something beside the output.
    func note(_ text: String) throws {
        try errors(
            Array((text.split(separator: "\n").map { String($0).withoutControls }.joined(separator: "\n") + "\n").utf8)
        )
    }
}

/// Writing to this process's own descriptors, without a buffer.
private enum Descriptor {
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EPIPE {
                // The reader, `head` for one, has seen enough.
                throw CommandFailure.outputClosed
            } else if errno != EINTR {
                throw CommandFailure("The output could not be written: \(String(cString: strerror(errno))).")
            }
        }
    }
}
