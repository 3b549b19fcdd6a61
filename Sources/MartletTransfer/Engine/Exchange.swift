import CCurl

/// One request and what has come of it so far; libcurl's callbacks get it as their data.
///
/// `@unchecked Sendable`: `request` never changes, and everything that does is touched by the engine's thread alone, from the
/// `start` command that hands the exchange over on. Other threads only carry the reference back in `cancel` and `resume` commands.
final class Exchange: @unchecked Sendable {
    /// Who waits for the answer.
    enum Receiver {
        case whole(CheckedContinuation<Result<HTTPResponse, TransferError>, Never>)
        case stream(StreamBuffer)
    }

    /// The most bytes of header lines that an answer may have.
    static let maximumHeaderBytes = 64 << 10

    let request: HTTPRequest
    /// When its answer, for a stream its head, has to be there.
    let deadline: ContinuousClock.Instant

    /// Nil before the start and after the end; whoever takes it out answers it.
    private(set) var receiver: Receiver?
    /// The handle that carries it, while it is in the multi handle.
    var handle: EasyHandle?
    /// Its place in the engine's list, while it has a handle.
    var index = 0
    /// Set by a cancellation that overtook the start.
    var isCancelled = false
    /// Whether the deadline no longer concerns it.
    private(set) var hasHead = false
    /// Whether a socket to a permitted address was opened for it; if not, its connection is a kept one.
    var openedSocket = false
    /// Whether this machine had no descriptor for its socket.
    var lacksDescriptors = false
    /// Why an address was refused, as in "127.0.0.1 is loopback".
    private(set) var refusal: String?
    /// Whether the kept connection it was given leads where its own policy forbids, so that it has to try again with one of its own.
    var needsFreshConnection = false
    private(set) var isTooLarge = false
    private(set) var isHeadTooLarge = false
    private(set) var hasHeadBegun = false
    private var headers = HTTPHeaders()
    private var body: [UInt8] = []

    init(_ request: HTTPRequest) {
        self.request = request
        deadline = .now + request.timeout
    }

    var isStreamed: Bool {
        if case .stream = receiver { true } else { false }
    }

    /// What the callbacks get. Not retained: the engine's list holds the exchange as long as libcurl has the pointer.
    var callbackState: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    func start(for receiver: Receiver) {
        self.receiver = receiver
    }

    /// Whether the socket may be connected, or the request sent, to this address.
    func permits(_ address: NetworkAddress?) -> Bool {
        guard request.networks.isRestricted else { return true }
        guard let address else {
            refusal = "its address is of an unknown family"
            return false
        }
        guard let reason = request.networks.refusal(of: address) else { return true }
        refusal = "\(address) \(reason)"
        return false
    }

    /// Takes one line of the head, the line break included; false ends the transfer.
    func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
        guard !hasHead else { return true }  // trailing fields, which nobody asks for
        if line.starts(with: "HTTP/".utf8) {
            headers.removeAll()
            hasHeadBegun = true
            return true
        }
        guard headers.lines.count + line.count <= Self.maximumHeaderBytes else {
            isHeadTooLarge = true
            return false
        }
        guard line.first != UInt8(ascii: "\r"), line.first != UInt8(ascii: "\n") else {
            receiveEndOfHead()
            return true
        }
        headers.append(line: line)
        return true
    }

    private func receiveEndOfHead() {
        // 1xx: another head follows.
        guard let handle, case let status = handle.status, status >= 200 else { return }
        hasHead = true
        if case .stream(let buffer) = receiver {
            buffer.receive(HTTPResponseHead(status: status, headers: headers))
        }
    }

    /// What to tell libcurl about a piece of content.
    enum Verdict { case taken, pause, abort }

    func receive(content: UnsafeRawBufferPointer) -> Verdict {
        if case .stream(let buffer) = receiver {
            return buffer.receive(content) ? .taken : .pause
        }
        guard body.count + content.count <= request.maximumResponseBytes else {
            isTooLarge = true
            return .abort
        }
        body.append(contentsOf: content)
        return .taken
    }

    /// Forgets the attempt, to make another.
    func restart() {
        headers.removeAll()
        body.removeAll()
        refusal = nil
        openedSocket = false
        lacksDescriptors = false
        hasHead = false
        hasHeadBegun = false
    }

    /// Answers whoever waits; further calls do nothing.
    func conclude(_ outcome: Result<Int, TransferError>) {
        guard let receiver else { return }
        self.receiver = nil
        switch receiver {
        case .whole(let continuation):
            continuation.resume(returning: outcome.map { HTTPResponse(status: $0, headers: headers, body: body) })
        case .stream(let buffer):
            buffer.finish(outcome.map { _ in })
        }
    }
}
