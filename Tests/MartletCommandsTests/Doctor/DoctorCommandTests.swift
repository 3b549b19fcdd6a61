import Foundation
import MartletGateway
import Testing

@testable import MartletCommands

struct DoctorCommandTests {
    /// Answers like a server in which every secret of ``configuration`` has got to a place where it does not belong.
    private static func server() throws -> LoopbackServer {
        try LoopbackServer { request, _ in
            switch request.path.prefix(while: { $0 != "?" }) {
            case "/v1/status":
                .json(
                    #"""
                    {"version":"9.9.9","started":"2026-01-27T08:00:00Z","store":{"bytes":1024,"head":"7"},"sources":[
                    {"name":"prod","cloud":"prod","format":"cloudstack","state":"failing","problem":{"what":"no way to rabbit://u:hunter2url@mq1",
                     "where":"x","remedy":"y"},"gaps":2,"accepted":1}],"forwarders":[{"name":"noc","state":"unavailable","dead":3,
                     "last_error":"POST https://noc.example/services/hunter2inThePath?token=hunter2 with hunter2header"}],
                     "quarantined":2,"deadletters":3}
                    """#
                )
            case "/v1/quarantine":
                .json(
                    #"{"items":[{"id":"1","source":"prod","reason":"no JSON near hunter2secret","text":"hunter2bytes","size":9},{"id":"2","source":"prod","reason":"no JSON near hunter2secret","text":"hunter2bytes"}],"next":null}"#
                )
            case "/v1/dead-letters":
                .json(
                    #"{"deadletters":[{"id":"1","forwarder":"noc","reason":"401 Authorization: Bearer hunter2hunter2","event":{"data":"hunter2bytes"}}],"next":null}"#
                )
            case "/metrics": Reply(status: 200, headers: [:], body: "martlet_commits_total 3\n")
            case "/readyz": .json(#"{"status":"not ready"}"#, status: 503)
            default: .json("{}", status: 404)
            }
        }
    }

    private typealias Reply = LoopbackServer.Reply

    private static let configuration = """
        # hunter2comment
        sources:
          prod: { format: cloudstack, http: { secret: hunter2secret } }
        forwarders:
          noc:
            webhook:
              url: https://noc.example/services/hunter2inThePath
              headers: { X-Hook: hunter2header }
              secret: ${NOC_SECRET}
        """

    @Test func `everything is collected, and no secret is in it`() async throws {
        let folder = try TemporaryFolder()
        let config = try folder.file("martlet.yaml", Self.configuration)
        let log = try folder.file(
            "log",
            "connecting amqp://u:hunter2@mq1/\npassword=hunter2\nhook answered hunter2header\nthe token is hunter2environment\n"
        )
        let output = "\(folder.path)/report.txt"
        let run = try await run(
            "doctor",
            "--config",
            config,
            "--data",
            folder.path,
            "--log",
            log,
            "--output",
            output,
            server: try Self.server(),
            environment: ["MARTLET_TOKEN": "hunter2token", "NOC_SECRET": "hunter2environment"]
        )
        #expect(run.failure == nil)
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(!text.contains("hunter2"), "\(text.split(separator: "\n").filter { $0.contains("hunter2") })")
        for expected in [
            "martlet ", "libcurl ", "SQLite ", "kernel ", "open files", "Data directory", "url: https://noc.example/…",
            "- Server: source prod: no way to", "- Server: source prod: 2 gaps",
            "- Server: forwarder noc is unavailable",
            "- Server: forwarder noc: 3 dead letters", "- Server: 2 in the quarantine",
            "- Readiness: /readyz answers with status 503",
            "- Server: the server is version 9.9.9", "2 × prod: no JSON near (secret)",
            "1 × noc: 401 Authorization: (secret)",
            "martlet_commits_total 3", "hook answered (secret)", "the token is (secret)",
        ] {
            #expect(text.contains(expected), "\(expected)\n\(text)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: output)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `without a server it collects the rest and says why`() async throws {
        let folder = try TemporaryFolder()
        let run = try await run(
            "doctor",
            "--data",
            folder.path,
            "--output",
            "-",
            environment: ["MARTLET_URL": "http://127.0.0.1:1"]
        )
        #expect(run.failure == nil)
        #expect(run.output.contains("The server at http://127.0.0.1:1 cannot be reached."))
        #expect(run.output.contains("This machine\n============\n"))
    }

    @Test func `a report that is there already stays`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("report.txt", "mine")
        let run = try await run(
            "doctor",
            "--data",
            folder.path,
            "--output",
            file,
            environment: ["MARTLET_URL": "http://127.0.0.1:1"]
        )
        #expect(run.status == .failed)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    @Test func `a configuration that cannot be used is shown with what is wrong`() async throws {
        let folder = try TemporaryFolder()
        let config = try folder.file(
            "martlet.yaml",
            "sources:\n  prod: { format: cloudstak, http: { secret: '${NOT_SET}' } }\n"
        )
        let run = try await run(
            "doctor",
            "--config",
            config,
            "--data",
            folder.path,
            "--output",
            "-",
            environment: ["MARTLET_URL": "http://127.0.0.1:1"]
        )
        #expect(run.output.contains("- Configuration \(config): the configuration cannot be used"))
        #expect(run.output.contains("did you mean “cloudstack”?"))
        #expect(run.output.contains("NOT_SET is not set"))
    }
}
