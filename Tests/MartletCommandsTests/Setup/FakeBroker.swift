import Synchronization

@testable import MartletCommands

/// A broker in memory: what is published while somebody reads is read.
final class FakeBroker: Broker {
    let place = "fake://broker"
    private let found: [Finding]
    private let failure: BrokerFailure?
    private let readers = Mutex<[AsyncStream<[UInt8]>.Continuation]>([])

    init(findings: [Finding] = [], failure: BrokerFailure? = nil) {
        found = findings
        self.failure = failure
    }

    func findings() async -> [Finding] { found }

    func roundTrip() async throws {
        if let failure { throw failure }
    }

    func withBodies<Result: Sendable>(
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        if let failure { throw failure }
        let (bodies, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        readers.withLock { $0.append(continuation) }
        defer { continuation.finish() }
        return try await use(bodies)
    }

    func publish(_ body: String) {
        for reader in readers.withLock({ $0 }) { reader.yield(Array(body.utf8)) }
    }
}
