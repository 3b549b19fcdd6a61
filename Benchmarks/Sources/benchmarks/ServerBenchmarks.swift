import Foundation
import MartletJSON
import MartletTransfer
import Synchronization

/// The real binary over its sockets: what one event costs the server's process.
enum ServerBenchmarks {
    static func run(binary: String) async throws {
        Report.heading(
            "HTTP in → committed, the server's CPU an event (goals: 100 a request 15 µs, one a request 60 µs)"
        )
        try await intake(binary: binary, perRequest: 100, requests: 1_000, connections: 8)
        try await intake(binary: binary, perRequest: 1, requests: 20_000, connections: 32)
        Report.heading("Whole path: HTTP in (100 a request) → committed → webhook out")
        try await wholePath(binary: binary, batch: 100, events: 50_000)
        try await wholePath(binary: binary, batch: 1, events: 20_000)
    }

    private static func body(_ perRequest: Int, _ number: Int) -> [UInt8] {
        if perRequest == 1 { return SampleEvents.action(resource: number % 1_000) }
        var body: [UInt8] = [UInt8(ascii: "[")]
        for index in 0..<perRequest {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += SampleEvents.action(resource: (number * perRequest + index) % 1_000)
        }
        body.append(UInt8(ascii: "]"))
        return body
    }

    private static func intake(binary: String, perRequest: Int, requests: Int, connections: Int) async throws {
        let server = try ServerUnderTest(binary: binary)
        let transfer = try HTTPTransfer(maximumConnections: connections, maximumConnectionsPerHost: connections)
        let bodies = (0..<200).map { body(perRequest, $0) }
        // The same server with next to nothing behind the handler.
        let empty = try await load(server, requests: requests, connections: connections) { _ in
            _ = try await server.get(transfer, "/healthz")
        }
        let loaded = try await load(server, requests: requests, connections: connections) { number in
            let answer = try await server.post(transfer, "/v1/sources/cloudstack", bodies[number % bodies.count])
            guard answer.status == 202 else { throw BenchmarkError("The server answered \(answer.status).") }
        }
        let events = requests * perRequest
        Report.line(
            "\(perRequest) a request, \(connections) connections",
            Report.microseconds(loaded.cpu / Double(events) * 1e6),
            Report.rate(Double(events) / loaded.wall),
            "p50 \(String(format: "%.1f", Report.percentile(loaded.latencies, 0.5) * 1e3)) ms",
            "p99 \(String(format: "%.1f", Report.percentile(loaded.latencies, 0.99) * 1e3)) ms",
            "peak \(String(format: "%.0f", server.peakMemory)) MiB",
            perRequest == 1 ? Report.ratio(empty.wall / loaded.wall, "the rate of an empty handler") : ""
        )
    }

    private struct Load {
        var wall: Double
        var cpu: Double
        var latencies: [Double]
    }

    private static func load(
        _ server: ServerUnderTest,
        requests: Int,
        connections: Int,
        _ request: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Load {
        let cpu = server.cpu
        let start = Measurement.now()
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { group in
            for connection in 0..<connections {
                group.addTask {
                    var latencies: [Double] = []
                    for number in stride(from: connection, to: requests, by: connections) {
                        let start = Measurement.now()
                        try await request(number)
                        latencies.append(Measurement.now() - start)
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Load(wall: Measurement.now() - start, cpu: server.cpu - cpu, latencies: latencies)
    }

    private static func wholePath(binary: String, batch: Int, events: Int) async throws {
        let sink = try CountingReceiver()
        let server = try ServerUnderTest(
            binary: binary,
            configuration: """
                forwarders:
                  bench: { webhook: { url: "\(sink.url)", batch: \(batch), concurrency: 8 }, body: event }
                """
        )
        let transfer = try HTTPTransfer(maximumConnections: 8, maximumConnectionsPerHost: 8)
        let bodies = (0..<100).map { body(100, $0) }
        let loaded = try await load(server, requests: events / 100, connections: 8) { number in
            let answer = try await server.post(transfer, "/v1/sources/cloudstack", bodies[number % bodies.count])
            guard answer.status == 202 else { throw BenchmarkError("The server answered \(answer.status).") }
        }
        let start = Measurement.now() - loaded.wall
        while try await delivered(server, transfer) < events { try await Task.sleep(for: .milliseconds(50)) }
        let wall = Measurement.now() - start
        Report.line(
            "\(batch) a request out",
            Report.microseconds(server.cpu / Double(events) * 1e6),
            Report.rate(Double(events) / wall),
            "peak \(String(format: "%.0f", server.peakMemory)) MiB"
        )
    }

    private static func delivered(_ server: ServerUnderTest, _ transfer: HTTPTransfer) async throws -> Int {
        let answer = try await server.get(transfer, "/v1/forwarders")
        let root = try JSONDocument(parsing: answer.body).root
        return Int(root["forwarders"]?[0]?["delivered"]?.integer ?? 0)
    }
}

/// A receiver that reads what comes and answers 200, in a process of its own: a few lines of Python on asyncio.
final class CountingReceiver {
    let url: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let program = """
            import asyncio, os, re, sys, threading
            async def serve(reader, writer):
                try:
                    while True:
                        head = await reader.readuntil(b"\\r\\n\\r\\n")
                        length = int(re.search(rb"content-length: *(\\d+)", head, re.I).group(1))
                        await reader.readexactly(length)
                        writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
                except (asyncio.IncompleteReadError, ConnectionError):
                    writer.close()
            async def main():
                server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 24)
                print(server.sockets[0].getsockname()[1], flush=True)
                await server.serve_forever()
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            asyncio.run(main())
            """
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchmarkError("The receiver did not start.")
        }
        url = "http://127.0.0.1:\(port)/"
    }

    /// It ends when its standard input does.
    deinit { try? input.fileHandleForWriting.close() }
}
