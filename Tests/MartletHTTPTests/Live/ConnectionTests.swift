import MartletTesting
import NIOCore
import Testing

@testable import MartletHTTP

/// Connections are bounded in number and in patience, and nobody is locked out by those who do nothing.
@Suite(.timeLimit(.minutes(2))) struct ConnectionTests {
    @Test func `whoever waits longest makes room for whoever comes`() async throws {
        try await LiveServer.run {
            $0.maximumConnections = 3
        } _: { server in
            let idle = try (0..<3).map { _ in try RawConnection(port: server.port) }
            for _ in 0..<5 {
                let client = try RawConnection(port: server.port)
                await client.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                #expect(await client.read().hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            #expect(await idle[0].read() == "", "the first to wait was the first to go")
            #expect(server.interface.connections.count <= 3)
        }
    }

    @Test func `when all have a request under way the next is told to come again`() async throws {
        let time = ManualTime()
        try await LiveServer.run(time: time) {
            $0.maximumConnections = 2
        } _: { server in
            let polls = try (0..<2).map { _ in try RawConnection(port: server.port) }
            for poll in polls {
                await poll.send("GET /v1/events?wait=30 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n")
            }
            await time.waitForSleepers(2)
            let late = try RawConnection(port: server.port)
            await late.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = await late.read()
            #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer)")
            #expect(answer.contains("Retry-After: 1\r\n"))
            #expect(answer.contains(#""code":"overloaded""#))
            time.advance(by: .seconds(30))
            for poll in polls { #expect(await poll.read(until: "}").hasPrefix("HTTP/1.1 200 OK\r\n")) }
        }
    }

    @Test func `a head that trickles in is cut off`() async throws {
        try await LiveServer.run {
            $0.idleTimeout = .milliseconds(200)
        } _: { server in
            let client = try RawConnection(port: server.port)
            await client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n")
            let begin = ContinuousClock.now
            // Never silent for as long as the idle time-out: ten milliseconds are waited for each line.
            while await !client.canRead(), ContinuousClock.now - begin < .seconds(60) { await client.send("X: y\r\n") }
            #expect(await client.read() == "")
            #expect(ContinuousClock.now - begin < .seconds(60))
        }
    }

    @Test func `an answer that nobody reads does not keep its connection`() async throws {
        try await LiveServer.run {
            $0.idleTimeout = .milliseconds(300)
        } _: { server in
            let client = try RawConnection(port: server.port)
            // The answers together are more than the buffers of two sockets hold.
            let request = "GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
            await client.send(String(repeating: request, count: 400))
            let deadline = ContinuousClock.now + .seconds(60)
            while server.interface.connections.count > 0, ContinuousClock.now < deadline { await Task.yield() }
            #expect(server.interface.connections.count == 0)
            client.close()
        }
    }

    @Test func `bodies under way take no more than all may together`() async throws {
        try await LiveServer.run {
            $0.maximumBodyBytes = 32 << 20
        } _: { server in
            // 128 MiB for all of them: the fifth of 32 has no place, and comes again.
            let clients = try (0..<5).map { _ in try RawConnection(port: server.port) }
            let head = "POST /v1/sources/prod HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
            let body = String(repeating: " ", count: (32 << 20) - 1)
            for client in clients {
                await client.send("\(head)Content-Length: \(32 << 20)\r\n\r\n")
                await client.send(body)
            }
            let last = await clients[4].read(until: "}")
            #expect(last.contains(#""code":"overloaded""#), "\(last)")
            for client in clients { client.close() }
        }
    }
}

@Suite struct ConnectionTableTests {
    private static func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(1_000 + seconds) }

    @Test func `the one that has waited longest goes, never one with a request`() {
        var table = ConnectionTable<Int>(maximum: 3, patience: .seconds(60))
        for id in 1...3 { #expect(table.open(id, at: Self.at(Int64(id))) == .welcome) }
        table.begin(1)
        #expect(table.open(4, at: Self.at(4)) == .welcomeInstead(of: 2))
        table.end(1, at: Self.at(5))
        #expect(table.open(5, at: Self.at(6)) == .welcomeInstead(of: 3))
        for id in [1, 4, 5] { table.begin(id) }
        #expect(table.open(6, at: Self.at(7)) == .refused)
        table.close(4)
        #expect(table.open(6, at: Self.at(8)) == .welcome)
        #expect(table.count == 3)
    }

    @Test func `time is over for whoever waits or does not read, and for nobody else`() {
        var table = ConnectionTable<Int>(maximum: 3, patience: .seconds(60))
        _ = table.open(1, at: Self.at(0))
        #expect(table.deadline(of: 1, at: Self.at(10)) == Self.at(60))
        #expect(table.deadline(of: 1, at: Self.at(60)) == nil)
        table.begin(1)
        #expect(table.deadline(of: 1, at: Self.at(60)) == Self.at(120), "a request may take its time")
        table.isTaking(false, 1, at: Self.at(70))
        #expect(table.deadline(of: 1, at: Self.at(100)) == Self.at(130))
        #expect(table.deadline(of: 1, at: Self.at(130)) == nil)
        table.isTaking(true, 1, at: Self.at(129))
        table.end(1, at: Self.at(129))
        #expect(table.deadline(of: 1, at: Self.at(130)) == Self.at(189))
        table.close(1)
        #expect(table.deadline(of: 1, at: Self.at(130)) == nil)
    }
}
