import Foundation
import MartletTesting
import MartletTransfer
import Synchronization
import Testing

/// A real receiver of webhooks on this machine, for as long as the test process runs.
struct Receiver: Sendable {
    struct CannotStart: Error {
        let reason: String
    }

    /// What the receiver does with the next request.
    struct Step: Encodable, Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body = ""
        /// Whether it answers nothing and keeps the connection.
        var hang = false
        /// Whether it does so with what holds this text; empty for nothing.
        var hangOn = ""
    }

    /// A request that came.
    struct Request: Decodable, Sendable {
        var headers: [String: String]
        var body: String
        /// For each secret made known, whether one of the signatures is its.
        var verified: [Bool]
    }

    let origin: String

    /// The one that most tests share; started with the first.
    static let plain = Result { try Receiver(scheme: "http", host: "127.0.0.1", arguments: []) }

    /// Starts `python3` with the script and waits for the port that it prints.
    init(scheme: String, host: String, arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", receiverScript] + arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.runWithSignals()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CannotStart(reason: "python3 printed no port")
        }
        origin = "\(scheme)://\(host):\(port)"
        Self.inputs.withLock { $0.append(input.fileHandleForWriting.fileDescriptor) }
        // The receiver ends when this end of the pipe does, with the process.
        _ = Unmanaged.passRetained(input)
    }

    private static let inputs = Mutex<[Int32]>([])

    /// A hook of one test's own.
    func hook(certificateAuthority: String? = nil) -> Hook {
        Hook(receiver: self, key: UUID().uuidString, certificateAuthority: certificateAuthority)
    }
}

/// A URL to post to, and what can be told to and asked of the receiver behind it.
struct Hook: Sendable {
    let receiver: Receiver
    let key: String
    let certificateAuthority: String?

    var url: String { "\(receiver.origin)/hook/\(key)" }

    /// Says how the next requests are answered; the last step is for all that follow.
    func script(_ steps: Receiver.Step...) async throws { try await put("script", steps) }

    /// Makes known the base64 of the secrets that signatures are checked with.
    func check(secrets: [String]) async throws { try await put("secrets", secrets) }

    /// The requests that were answered with success.
    func received() async throws -> [Receiver.Request] {
        let response = try await perform("GET", "received")
        return try JSONDecoder().decode([Receiver.Request].self, from: Data(response.body))
    }

    /// Returns when a request is kept waiting.
    func waitUntilHanging() async throws {
        #expect(try await perform("GET", "hanging").status == 200)
    }

    private func put(_ kind: String, _ value: some Encodable) async throws {
        #expect(try await perform("PUT", kind, body: [UInt8](JSONEncoder().encode(value))).status == 200)
    }

    private func perform(_ method: String, _ kind: String, body: [UInt8] = []) async throws -> HTTPResponse {
        try await Self.client.get().perform(
            HTTPRequest(
                method: method,
                url: "\(receiver.origin)/\(kind)/\(key)",
                body: body,
                timeout: .seconds(30),
                certificateAuthority: certificateAuthority
            )
        )
    }

    private static let client = Result { try HTTPTransfer(maximumConnectionsPerHost: 64) }
}

/// A receiver over TLS with a certificate of its own making, valid for `localhost` only.
struct SecureReceiver: Sendable {
    let receiver: Receiver
    /// The PEM file of the certificate, which is its own authority.
    let certificate: String

    static let shared = Result { try SecureReceiver() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appendingPathComponent("key.pem").path
        certificate = folder.appendingPathComponent("certificate.pem").path
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.runWithSignals()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else {
            throw Receiver.CannotStart(reason: "openssl made no certificate")
        }
        receiver = try Receiver(scheme: "https", host: "localhost", arguments: [certificate, key])
    }
}
