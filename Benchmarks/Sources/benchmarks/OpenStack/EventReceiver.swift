import Foundation
import MartletTransfer

/// The destination of both programs: this program once more, as a receiver that reads, counts and answers 200.
final class EventReceiver: Sendable {
    static let command = "receive"
    /// What stands once in each event, whoever sends it.
    static let mark = #""message_id""#

    /// What has come so far.
    struct Count {
        var events: Int
        var requests: Int
    }

    let url: String
    let process: MeasuredProcess
    private let transfer: HTTPTransfer

    init() throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process = try MeasuredProcess(program, [Self.command])
        guard let port = Int(process.firstLine()) else { throw BenchmarkError("The receiver did not start.") }
        url = "http://127.0.0.1:\(port)/"
        transfer = try HTTPTransfer(maximumConnections: 1, maximumConnectionsPerHost: 1)
    }

    func count() async throws -> Count {
        let answer = try await transfer.perform(HTTPRequest(method: "GET", url: url, headers: [], body: []))
        let numbers = String(decoding: answer.body, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 2 else { throw BenchmarkError("The receiver says nothing sensible.") }
        return Count(events: numbers[0], requests: numbers[1])
    }
}
