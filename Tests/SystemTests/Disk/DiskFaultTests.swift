import Foundation
import MartletJSON
import MartletTesting
import MartletTransfer
import Testing

/// Promise 1 on a disk that fails: nothing acknowledged is lost, and what cannot be kept is not acknowledged.
@Suite(.enabled(if: FaultyDisk.isThere, "needs lib/disk-faults.so of the test tools: make test-tools"))
struct DiskFaultTests {
    private let directory: URL
    private let disk: FaultyDisk

    init() throws {
        directory = try ScratchDirectory.make()
        disk = FaultyDisk(in: directory)
    }

    private static func event(_ id: String) -> String {
        """
        {"specversion":"1.0","id":"\(id)","source":"/s","type":"t","subject":"VirtualMachine/1",\
        "data":"\(String(repeating: "x", count: 2_000))"}
        """
    }

    private func server(configuration: String? = nil) async throws -> Server {
        try await Server(in: directory, configuration: configuration, environment: disk.environment)
    }

    /// Posts one event; tells whether it was acknowledged.
    private func post(_ id: String, to server: Server) async -> Server.Answer? {
        try? await server.post("/v1/events", DiskFaultTests.event(id))
    }

    private func postAll(_ range: Range<Int>, to server: Server) async -> [String] {
        var acknowledged: [String] = []
        for number in range where await post("\(number)", to: server)?.status == 202 {
            acknowledged.append("\(number)")
        }
        return acknowledged
    }

    /// The ids in the log after a start on a disk in order, the store being without damage.
    private func storedIDs() async throws -> [String] {
        let server = try await Server(in: directory)
        let ids = try await server.allEvents().compactMap { $0["id"]?.string }
        #expect(server.stop() == 0)
        let check = try await Command.martlet("store", "check", "--data", directory.appending(path: "data").path)
        #expect(check.status == 0, "\(check.output) \(check.errors)")
        return ids
    }

    @Test(arguments: ["power-off", "power-off 1", "power-off 2", "power-off 3"])
    func `after a power failure everything acknowledged is there`(_ failure: String) async throws {
        let server = try await server()
        let acknowledged = await postAll(0..<60, to: server)
        #expect(acknowledged.count == 60)
        try disk.fail(failure)
        server.waitForEnd()
        #expect(Set(try await storedIDs()).isSuperset(of: acknowledged))
    }

    /// The control: were the disk's losses not real, the test above would show nothing.
    @Test func `without waiting for the disk a power failure loses what was acknowledged`() async throws {
        let data = directory.appending(path: "data").path
        let server = try await server(configuration: "store: { path: \"\(data)\", synchronous: false }")
        let acknowledged = await postAll(0..<60, to: server)
        try disk.fail("power-off")
        server.waitForEnd()
        let stored = Set(try await storedIDs())
        #expect(!stored.isSuperset(of: acknowledged), "the disk that is made to lose has lost nothing")
    }

    @Test func `a write torn in the middle of a commit costs nothing that was acknowledged`() async throws {
        let server = try await server()
        let acknowledged = await postAll(0..<20, to: server)
        try disk.fail("torn")
        let torn = await post("torn", to: server)
        #expect(torn?.status != 202, "what was torn is not acknowledged")
        server.waitForEnd()
        #expect(try await storedIDs() == acknowledged)
    }

    @Test func `a failed fsync is not acknowledged, and a later one is not believed for it`() async throws {
        let server = try await server()
        var acknowledged = await postAll(0..<10, to: server)
        try disk.fail("fsync EIO")
        let refused = try #require(await post("refused", to: server))
        #expect(refused.status == 503, "\(refused.text)")
        #expect(refused.headers["retry-after"] != nil)
        try disk.mend()
        acknowledged += await postAll(10..<20, to: server)
        #expect(acknowledged.count == 20, "it goes on by itself")
        // What the failed fsync was for never came to the disk, whatever the later ones said.
        try disk.fail("power-off")
        server.waitForEnd()
        #expect(try await storedIDs() == acknowledged)
    }

    @Test(arguments: ["grow ENOSPC", "write EROFS", "write EIO"])
    func `a disk that takes nothing answers 503, keeps what it has, and is used again when it does`(
        _ fault: String
    ) async throws {
        let server = try await server()
        var acknowledged = await postAll(0..<10, to: server)
        try disk.fail(fault)
        var refused: Server.Answer?
        // A log that is reused grows only when it is full.
        for number in 100..<400 where refused == nil {
            let answer = try #require(await post("\(number)", to: server))
            if answer.status == 202 { acknowledged.append("\(number)") } else { refused = answer }
        }
        let answer = try #require(refused)
        #expect(answer.status == 503, "\(answer.text)")
        #expect(answer.headers["retry-after"] != nil)
        #expect(try answer.json["code"]?.string == (fault.hasSuffix("ENOSPC") ? "store-full" : "not-ready"))
        #expect(try await server.get("/v1/events?limit=5").status == 200, "it is still read")
        try disk.mend()
        acknowledged += await postAll(10..<20, to: server)
        #expect(Set(acknowledged).isSuperset(of: (10..<20).map { "\($0)" }), "it goes on by itself")
        #expect(server.stop() == 0)
        #expect(try await storedIDs() == acknowledged)
    }

    /// Promise 1 at the other end: the place of a file that is followed never runs ahead of what was read.
    @Test func `a followed file that cannot be read for a while is read on where it stopped`() async throws {
        let (disk, path) = (
            FaultyDisk(in: directory, match: "/followed.jsonl"), directory.appending(path: "followed.jsonl")
        )
        // More than is read at once, and fewer lines than are committed together.
        let ids = (0..<300).map { "\($0)" }
        try Data(ids.map { DiskFaultTests.event($0) + "\n" }.joined().utf8).write(to: path)
        try disk.fail("read EIO 262144")
        let server = try await Server(
            in: directory,
            configuration: """
                sources:
                  followed: { cloud: prod, file: { path: "\(path.path)", poll-interval: 50ms }, format: cloudevents }
                """,
            environment: disk.environment
        )
        func count() async throws -> Int { try await server.allEvents().filter { $0["type"]?.string == "t" }.count }
        try await eventually("what can be read is there, and the source says that the rest cannot") {
            let source = try await server.source("followed")
            return try await count() > 0 && source["state"]?.string == "failing"
        }
        #expect(try await count() < ids.count)
        try disk.mend()
        try await eventually("the rest is there") { try await count() == ids.count }
        let stored = try await server.allEvents().filter { $0["type"]?.string == "t" }.compactMap { $0["id"]?.string }
        #expect(stored == ids, "in order, none missing and none twice")
        #expect(server.stop() == 0)
    }
}
