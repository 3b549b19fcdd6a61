import Foundation
import Glibc
import MartletJSON
import MartletTesting
import Testing

/// A second server on one store waits for its turn.
@Suite struct StandbyTests {
    private static func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"/standby","type":"t","data":{}}"#
    }

    @Test func `a standby takes over when the first is killed, with everything that was acknowledged`() async throws {
        let receiver = try await Receiver()
        let configuration = """
            forwarders:
              hook: { webhook: { url: "\(receiver.url)" }, body: event, start: earliest }
            """
        let port = try FreePort.next()
        let first = try await Server(configuration: configuration, listen: "127.0.0.1:\(port)")
        for number in 0..<20 { #expect(try await first.post("/v1/events", Self.event("\(number)")).status == 202) }
        async let standby = Server(
            in: first.directory,
            configuration: configuration,
            listen: "127.0.0.1:\(port)",
            isStandby: true
        )
        let log = try await Server.waitUntilStandingBy(in: first.directory)
        #expect(log.contains("process \(first.identifier) on "), "It says who has the store: \(log)")
        let begin = ContinuousClock.now
        first.kill9()
        let second = try await standby
        let took = ContinuousClock.now - begin
        print("a standby listened \(took) after the first was killed")
        #expect(took < .seconds(15))
        let stored = try await second.allEvents().compactMap { $0["id"]?.string }
        #expect(stored == (0..<20).map { "\($0)" })
        #expect(try await second.post("/v1/events", Self.event("20")).status == 202)
        try await eventually("it delivers") { try await second.hasConcluded("hook") }
        #expect(second.stop() == 0, "SIGTERM stops it as any other.")
    }

    @Test func `a first that stands still keeps the store`() async throws {
        let first = try await Server()
        kill(first.identifier, SIGSTOP)
        async let standby = Server(in: first.directory, isStandby: true)
        _ = try await Server.waitUntilStandingBy(in: first.directory)
        kill(first.identifier, SIGCONT)
        #expect(try await first.post("/v1/events", Self.event("1")).status == 202)
        let log = try String(contentsOf: Server.log(in: first.directory, isStandby: true), encoding: .utf8)
        #expect(!log.contains("Taking over"), "\(log)")
        #expect(first.stop() == 0)
        let second = try await standby
        #expect(try await second.allEvents().count == 1)
    }

    @Test func `a standby that is told to stop while it waits ends at once`() async throws {
        let first = try await Server()
        let data = first.directory.appending(path: "data").path
        let log = Server.log(in: first.directory, isStandby: true)
        try Data().write(to: log)
        let process = Process()
        process.executableURL = Server.binary
        process.arguments = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--standby"]
        process.standardError = try FileHandle(forWritingTo: log)
        try process.runWithSignals()
        _ = try await Server.waitUntilStandingBy(in: first.directory)
        process.terminate()
        try await eventually("it has ended", patience: .seconds(10)) { !process.isRunning }
        #expect(process.terminationStatus == 0)
        #expect(try await first.post("/v1/events", Self.event("1")).status == 202)
    }

    @Test func `an address that the dying one still holds is tried again`() async throws {
        let port = try FreePort.next()
        let first = try await Server()
        async let standby = Server(in: first.directory, listen: "127.0.0.1:\(port)", isStandby: true)
        _ = try await Server.waitUntilStandingBy(in: first.directory)
        let squatter = try await Receiver(port: port)
        first.kill9()
        let log = Server.log(in: first.directory, isStandby: true)
        try await eventually("it finds the address in use") {
            try String(contentsOf: log, encoding: .utf8).contains("still in use")
        }
        try await squatter.close()
        let second = try await standby
        #expect(try await second.get("/healthz").status == 200)
        #expect(second.stop() == 0)
    }

    private static let sftpServer = "/usr/lib/openssh/sftp-server"
    private static let hasNetworkFileSystem =
        getuid() == 0
        && ["/usr/bin/sshfs", "/dev/fuse", sftpServer].allSatisfy { FileManager.default.fileExists(atPath: $0) }

    @Test(.enabled(if: hasNetworkFileSystem, "mounting one needs root, /dev/fuse, sshfs and openssh-sftp-server"))
    func `a store on a network file system is refused, and nothing is written`() async throws {
        let directory = try ScratchDirectory.make()
        let (remote, mounted) = (directory.appending(path: "remote"), directory.appending(path: "mounted"))
        for path in [remote, mounted] {
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        // The server is a child of the client: no network, and no account.
        let options = ["-f", "-o", "ssh_command=\(directory.path)/serve", "localhost:\(remote.path)", mounted.path]
        try "#!/bin/sh\nexec \(Self.sftpServer)\n".write(
            to: directory.appending(path: "serve"),
            atomically: true,
            encoding: .utf8
        )
        chmod(directory.appending(path: "serve").path, 0o700)
        let sshfs = Process()
        sshfs.executableURL = URL(filePath: "/usr/bin/sshfs")
        sshfs.arguments = options
        try sshfs.runWithSignals()
        defer {
            umount2(mounted.path, Int32(MNT_DETACH))
            sshfs.terminate()
        }
        try await eventually("it is mounted") {
            try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).contains(mounted.path)
        }
        let arguments = ["serve", "--data", mounted.path, "--listen", "127.0.0.1:0"]
        let results = [
            try await Command.run(Server.binary.path, arguments),
            try await Command.run(Server.binary.path, arguments + ["--standby"]),
        ]
        for result in results {
            #expect(result.status == 78)
            #expect(result.errors.contains("fuse.sshfs"), "\(result.errors)")
            #expect(result.errors.contains("store.path"), "\(result.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: remote.path).isEmpty)
    }

    @Test func `without the option a second server is refused, and told of it`() async throws {
        let first = try await Server()
        let data = first.directory.appending(path: "data").path
        let result = try await Command.run(Server.binary.path, ["serve", "--data", data, "--listen", "127.0.0.1:0"])
        #expect(result.status == 1)
        #expect(result.errors.contains("--standby"), "\(result.errors)")
        #expect(result.errors.contains("process \(first.identifier) on "), "\(result.errors)")
    }
}
