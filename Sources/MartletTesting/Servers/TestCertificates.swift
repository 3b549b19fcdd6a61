package import Foundation

/// An authority, a server's certificate for `localhost` and 127.0.0.1, and a client's, made with `openssl`.
package struct TestCertificates: Sendable {
    /// The authority's certificate, PEM.
    package let authority: URL
    package let server: URL
    package let serverKey: URL
    /// Its common name is ``clientName``.
    package let client: URL
    package let clientKey: URL

    package static let clientName = "martlet-client"

    package init(in directory: URL) async throws {
        authority = directory.appending(path: "ca.pem")
        server = directory.appending(path: "server.pem")
        serverKey = directory.appending(path: "server.key")
        client = directory.appending(path: "client.pem")
        clientKey = directory.appending(path: "client.key")
        let key = directory.appending(path: "ca.key").path
        try await make("/CN=Martlet test authority", ["-keyout", key, "-out", authority.path])
        try await sign(server, serverKey, name: "localhost", extension: "subjectAltName=DNS:localhost,IP:127.0.0.1")
        try await sign(client, clientKey, name: Self.clientName, extension: "extendedKeyUsage=clientAuth")
    }

    private func sign(_ certificate: URL, _ key: URL, name: String, extension: String) async throws {
        let authorityKey = authority.deletingLastPathComponent().appending(path: "ca.key").path
        let arguments = [
            "-addext", "basicConstraints=critical,CA:false", "-addext", `extension`, "-CA", authority.path, "-CAkey",
            authorityKey, "-keyout", key.path, "-out", certificate.path,
        ]
        try await make("/CN=\(name)", arguments)
    }

    private func make(_ subject: String, _ arguments: [String]) async throws {
        let common = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
        ]
        let result = try await Command.run("openssl", common + ["-subj", subject] + arguments)
        guard result.status == 0 else { throw ServerProcess.Failure("openssl: \(result.errors)") }
    }
}
