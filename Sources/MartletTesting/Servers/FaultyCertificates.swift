package import Foundation

/// Certificates that a client has to refuse, with the authority that has signed them, made with `openssl`.
package struct FaultyCertificates: Sendable {
    /// A certificate with its key.
    package struct Pair: Sendable {
        package let certificate: URL
        package let key: URL
    }

    /// The authority's certificate, PEM.
    package let authority: URL
    /// For `localhost` and 127.0.0.1, and faultless.
    package let good: Pair
    /// For the same names, until the year 2020.
    package let expired: Pair
    /// For the same names, from the year 2120 on.
    package let early: Pair
    /// For `elsewhere.example`.
    package let misnamed: Pair

    package init(in directory: URL) async throws {
        let office = Office(directory: directory)
        authority = try await office.open()
        let here = "DNS:localhost,IP:127.0.0.1"
        good = try await office.sign("good", for: here, from: "20200101000000Z", to: "21200101000000Z")
        expired = try await office.sign("expired", for: here, from: "20190101000000Z", to: "20200101000000Z")
        early = try await office.sign("early", for: here, from: "21200101000000Z", to: "21300101000000Z")
        let there = "DNS:elsewhere.example"
        misnamed = try await office.sign("misnamed", for: there, from: "20200101000000Z", to: "21200101000000Z")
    }

    /// Starts a TLS server with one of them, and returns it with its port when it accepts.
    package static func serve(_ pair: Pair, in directory: URL) async throws -> (server: ServerProcess, port: Int) {
        let port = try FreePort.next()
        let server = try ServerProcess(
            "openssl",
            [
                "s_server", "-accept", "127.0.0.1:\(port)", "-cert", pair.certificate.path, "-key", pair.key.path,
                "-www",
            ],
            log: directory.appending(path: "s_server-\(port).log")
        )
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline, server.isRunning {
            let socket = await BlockingCall.run { try? LoopbackSocket.connect(to: port) }
            if let socket {
                close(socket)
                return (server, port)
            }
        }
        throw ServerProcess.Failure("openssl s_server does not accept: \(server.logText)")
    }

    /// The authority at work.
    private struct Office {
        let directory: URL

        private func path(_ name: String) -> String { directory.appending(path: name).path }

        func open() async throws -> URL {
            let settings = """
                [ca]
                default_ca = office
                [office]
                database = \(path("index.txt"))
                new_certs_dir = \(directory.path)
                default_md = sha256
                policy = policy
                rand_serial = yes
                unique_subject = no
                [policy]
                commonName = supplied
                """
            try settings.write(toFile: path("office.cnf"), atomically: true, encoding: .utf8)
            try "".write(toFile: path("index.txt"), atomically: true, encoding: .utf8)
            try await run(
                ["req", "-x509", "-days", "30", "-subj", "/CN=Martlet test office", "-out", path("ca.pem")]
                    + newKey("ca")
            )
            return directory.appending(path: "ca.pem")
        }

        func sign(_ name: String, for names: String, from start: String, to end: String) async throws -> Pair {
            try await run(["req", "-subj", "/CN=\(name)", "-out", path("\(name).csr")] + newKey(name))
            try "subjectAltName=\(names)".write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
            try await run([
                "ca", "-batch", "-notext", "-config", path("office.cnf"), "-cert", path("ca.pem"), "-keyfile",
                path("ca.key"), "-in", path("\(name).csr"), "-out", path("\(name).pem"), "-extfile",
                path("\(name).ext"),
                "-startdate", start, "-enddate", end,
            ])
            return Pair(
                certificate: directory.appending(path: "\(name).pem"),
                key: directory.appending(path: "\(name).key")
            )
        }

        private func newKey(_ name: String) -> [String] {
            ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path("\(name).key")]
        }

        private func run(_ arguments: [String]) async throws {
            let result = try await Command.run("openssl", arguments)
            guard result.status == 0 else { throw ServerProcess.Failure("openssl: \(result.errors)") }
        }
    }
}
