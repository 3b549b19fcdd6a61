import Foundation
package import MartletJSON

/// OpenStack's own Zaqar with a Redis of its own, both of a test's.
package actor ZaqarServer {
    package static let isInstalled =
        FileManager.default.isExecutableFile(atPath: executable)
        && FileManager.default.isExecutableFile(atPath: RedisServer.executable)
    /// For a test's condition.
    package static let absenceReason = "Zaqar or Redis is not there: make test-tools installs both"

    private static let environment = KafkaMockCluster.tools.appending(path: "zaqar")
    private static let executable = environment.appending(path: "bin/zaqar-server").path
    /// What it signs URLs with.
    package static let signingKey = "the key of this test"

    nonisolated package let port: Int
    nonisolated package let redis: RedisServer
    private let directory: URL
    private let process: ServerProcess

    /// Starts both and returns when Zaqar answers.
    ///
    /// - Parameter keystone: where tokens are checked; without it the headers say whose project it is.
    package static func start(keystone: KeystoneServiceUser? = nil) async throws -> ZaqarServer {
        let directory = try ScratchDirectory.make()
        let redis = try RedisServer(in: directory)
        try await redis.start()
        let server = try ZaqarServer(redis: redis, directory: directory, keystone: keystone)
        try await server.waitUntilReady()
        return server
    }

    private init(redis: RedisServer, directory: URL, keystone: KeystoneServiceUser?) throws {
        self.redis = redis
        self.directory = directory
        port = try FreePort.next()
        let file = directory.appending(path: "zaqar.conf")
        try Self.settings(port: port, redis: redis.port, keystone: keystone)
            .write(to: file, atomically: false, encoding: .utf8)
        process = try ServerProcess(
            Self.executable,
            ["--config-file", file.path],
            environment: ["HOME": directory.path, "PYTHONUNBUFFERED": "1"],
            log: directory.appending(path: "zaqar.log"),
            removing: directory
        )
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// A name of a test's own.
    package static func newQueue() -> String { "q-\(UUID().uuidString.prefix(8).lowercased())" }

    nonisolated package var url: String { "http://127.0.0.1:\(port)" }

    /// What Zaqar has written.
    package var logText: String { process.logText }

    /// The server that tests share which do not stop it; it ends with the test process.
    package static var shared: ZaqarServer { get async throws { try await sharedStart.value } }

    // A task of its own, because no test that waits for it may end the others' by being cancelled. It ends by itself.
    private static let sharedStart = Task { try await start() }

    private func waitUntilReady() async throws {
        let port = port
        try await Readiness.wait(for: "Zaqar", log: { process.logText }) {
            let headers = ["Client-ID: \(UUID().uuidString)", "X-Project-ID: test"]
            // One that asks for a token is there as well.
            let status = try LoopbackHTTP.request("GET", "/v2/ping", headers: headers, port: port).status
            return status == 204 || status == 401
        }
    }

    private static func settings(port: Int, redis: Int, keystone: KeystoneServiceUser?) -> String {
        let authentication =
            if let keystone {
                """
                auth_strategy = keystone
                \(keystone.settings)
                """
            } else {
                "auth_strategy ="
            }
        return """
            [DEFAULT]
            unreliable = True
            admin_mode = True
            \(authentication)
            [drivers]
            transport = wsgi
            message_store = redis
            management_store = redis
            [drivers:message_store:redis]
            uri = redis://127.0.0.1:\(redis)?socket_timeout=2
            max_reconnect_attempts = 2
            reconnect_sleep = 0.1
            [drivers:management_store:redis]
            uri = redis://127.0.0.1:\(redis)?socket_timeout=2
            max_reconnect_attempts = 2
            reconnect_sleep = 0.1
            [drivers:transport:wsgi]
            bind = 127.0.0.1
            port = \(port)
            [storage]
            message_pipeline = zaqar.notification.notifier
            [signed_url]
            secret_key = \(signingKey)

            """
    }
}

// MARK: - Its own API

extension ZaqarServer {
    /// The bodies of all messages of a queue, oldest first.
    nonisolated package func bodies(
        in queue: String,
        project: String,
        headers: [String] = []
    ) async throws -> [JSONValue] {
        var bodies: [JSONValue] = []
        let limit = 20
        var path = "/v2/queues/\(queue)/messages?echo=true&limit=\(limit)"
        while true {
            let page = try await get(path, project: project, headers: headers)
            let messages = page["messages"].map { Array($0.elements) } ?? []
            bodies += messages.compactMap { $0["body"] }
            // There is a link behind the last page as well, and behind that one.
            guard messages.count == limit, let next = page["links"]?[0]?["href"]?.string else { return bodies }
            path = next
        }
    }

    /// Asks for something as a project.
    nonisolated package func get(_ path: String, project: String, headers: [String] = []) async throws -> JSONValue {
        try await request("GET", path, project: project, headers: headers)
    }

    @discardableResult nonisolated package func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        project: String,
        headers: [String] = []
    ) async throws -> JSONValue {
        let port = port
        let headers = ["Client-ID: 6f3c1a52-94d6-4f0e-8a57-2d1f5f6f1b11", "X-Project-ID: \(project)"] + headers
        let answer = try await BlockingCall.run {
            try LoopbackHTTP.request(method, path, body: body, headers: headers, port: port)
        }
        guard (200..<300).contains(answer.status) else { throw answer.failure("\(method) \(path)") }
        return try JSONDocument(parsing: answer.body.isEmpty ? Array("null".utf8) : answer.body).root
    }

    /// The bodies of a queue's first twenty messages as OpenStack's own client reads them, each a line of JSON.
    nonisolated package func bodiesByClient(in queue: String, project: String) async throws -> [String] {
        let script = """
            import json, sys
            from zaqarclient.queues import client
            url, queue, project = sys.argv[1:]
            options = {"auth_opts": {"backend": "noauth", "options": {"os_project_id": project}}}
            for message in client.Client(url, version=2, conf=options).queue(queue).messages(echo=True, limit=20):
                print(json.dumps(message.body))
            """
        let python = Self.environment.appending(path: "bin/python").path
        let result = try await Command.run(python, ["-c", script, url, queue, project])
        guard result.status == 0 else { throw ServerProcess.Failure("python-zaqarclient: \(result.errors)") }
        return result.output.split(separator: "\n").map(String.init)
    }
}
