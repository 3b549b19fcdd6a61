import Foundation
import MartletTesting

/// A broker's library without Martlet, in a process of its own: this program once more.
enum BareClient {
    static let command = "bare"

    /// Runs one of what `CBareClients.h` lists.
    static func run(events: Int, _ arguments: [String]) async throws -> Measurement {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let result = try await Command.run(program, [command] + arguments + ["\(events)"])
        let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard result.status == 0, numbers.count == 2 else {
            let what = arguments.prefix(2).joined(separator: " ")
            throw BenchmarkError("\(what) alone failed: \(result.errors.trimmingCharacters(in: .newlines))")
        }
        return Measurement(events: events, wall: numbers[0], cpu: numbers[1])
    }
}
