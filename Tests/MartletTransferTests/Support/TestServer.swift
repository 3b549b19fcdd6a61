import Foundation
import MartletTesting

/// A real server on this machine, for as long as the test process runs.
struct TestServer: Sendable {
    struct CannotStart: Error {
        let reason: String
    }

    let port: Int

    /// The one that most tests share; started with the first.
    static let plain = Result { try TestServer(arguments: []) }

    func url(_ path: String, host: String = "127.0.0.1") -> String {
        "http://\(host):\(port)/\(path)"
    }

    /// Starts `python3` with the script and waits for the port that it prints.
    init(arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", serverScript] + arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.runWithSignals()
        let line = output.fileHandleForReading.availableData
        guard let port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            throw CannotStart(reason: "python3 printed no port")
        }
        self.port = port
        Self.inputs.withLock { $0.append(input) }
    }

    // The servers end when these do.
    private static let inputs = Lockbox<[Pipe]>([])
}

/// A TLS server with a certificate of its own making, valid for `localhost` only.
struct SecureTestServer: Sendable {
    let server: TestServer
    /// The PEM file of the certificate, which is its own authority.
    let certificate: String

    static let shared = Result { try SecureTestServer() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The server has read both files before it prints its port; the certificate stays for the clients.
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
            throw TestServer.CannotStart(reason: "openssl made no certificate")
        }
        server = try TestServer(arguments: [certificate, key])
    }
}

/// A value behind a lock.
final class Lockbox<Value>: @unchecked Sendable {
    // `value` is touched under the lock only.
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func withLock<Outcome>(_ body: (inout Value) -> Outcome) -> Outcome {
        lock.withLock { body(&value) }
    }
}
