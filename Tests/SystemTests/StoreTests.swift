import Foundation
import Glibc
import MartletJSON
import MartletTesting
import MartletTransfer
import Testing

/// What the disk does to a real server.
@Suite struct StoreTests {
    @Test func `a store of a newer version is refused, and its bytes are untouched`() async throws {
        let directory = try ScratchDirectory.make()
        let server = try await Server(in: directory)
        #expect(server.stop() == 0)
        let file = directory.appending(path: "data/martlet.sqlite")
        var bytes = try Data(contentsOf: file)
        // The user version of an SQLite file: four bytes at 60, big-endian.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try bytes.write(to: file)
        let result = try await Command.run(
            Server.binary.path,
            ["serve", "--data", directory.appending(path: "data").path, "--listen", "127.0.0.1:0"]
        )
        #expect(result.status != 0)
        #expect(result.errors.contains("newer"), "\(result.errors)")
        #expect(try Data(contentsOf: file) == bytes)
    }

    @Test func `a second server on the same store is refused`() async throws {
        let server = try await Server()
        let data = server.directory.appending(path: "data").path
        let result = try await Command.run(Server.binary.path, ["serve", "--data", data, "--listen", "127.0.0.1:0"])
        #expect(result.status != 0)
        #expect(result.errors.lowercased().contains("another"), "\(result.errors)")
        #expect(try await server.get("/healthz").status == 200)
    }

    @Test func `an address in use is told with the remedy, and the program ends`() async throws {
        let server = try await Server()
        let data = try ScratchDirectory.make().appending(path: "data").path
        let address = server.url.dropFirst("http://".count)
        let result = try await Command.run(Server.binary.path, ["serve", "--data", data, "--listen", "\(address)"])
        #expect(result.status == 1)
        #expect(result.errors.contains("\(address)"), "\(result.errors)")
        #expect(result.errors.contains("Address already in use. Say another"), "\(result.errors)")
        #expect(result.errors.contains("--listen"), "\(result.errors)")
    }

    /// A mounted file system of a few megabytes, where the machine lets us.
    private static let canMount =
        getuid() == 0
        && {
            let point = FileManager.default.temporaryDirectory.appending(path: "martlet-mount-\(UUID().uuidString)")
            try? FileManager.default.createDirectory(at: point, withIntermediateDirectories: true)
            defer { rmdir(point.path) }
            guard mount("tmpfs", point.path, "tmpfs", 0, "size=1m") == 0 else { return false }
            return umount(point.path) == 0
        }()

    @Test(.enabled(if: canMount, "mounting a small file system needs root"))
    func `a full disk answers 503, keeps what it acknowledged, and recovers when space returns`() async throws {
        let directory = try ScratchDirectory.make()
        let data = directory.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try #require(mount("tmpfs", data.path, "tmpfs", 0, "size=6m") == 0)
        defer { umount2(data.path, Int32(MNT_DETACH)) }
        // Retention would make room by itself.
        let server = try await Server(in: directory, configuration: "store: { path: ignored, retain: forever }")
        // Something else takes the space, and gives it back later.
        let ballast = data.appending(path: "ballast")
        try Data(count: 3 << 20).write(to: ballast)
        var acknowledged: [String] = []
        var refusal: Server.Answer?
        for number in 0..<400 where refusal == nil {
            let answer = try await server.post("/v1/events", Self.event(number))
            if answer.status == 202 { acknowledged.append("\(number)") } else { refusal = answer }
        }
        let full = try #require(refusal, "the disk filled up")
        #expect(full.status == 503)
        #expect(full.headers["retry-after"] != nil)
        #expect(try full.json["code"]?.string == "store-full", "\(full.text)")
        #expect(acknowledged.count > 10)
        try FileManager.default.removeItem(at: ballast)
        try await eventually("it takes events again, without a restart") {
            try await server.post("/v1/events", Self.event(1_000)).status == 202
        }
        let stored = try await server.allEvents().compactMap { $0["id"]?.string }
        #expect(stored == acknowledged + ["1000"], "exactly what was acknowledged is there")
        #expect(server.stop() == 0)
    }

    private static func event(_ number: Int) -> String {
        """
        {"specversion":"1.0","id":"\(number)","source":"/s","type":"t",\
        "data":"\(String(repeating: "x", count: 20_000))"}
        """
    }
}
