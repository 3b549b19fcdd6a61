import MartletTesting
import Testing

@Suite(.timeLimit(.minutes(2))) struct FaultProxyTests {
    @Test func `what goes in comes out at the other end, both ways`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        #expect(try await client.echo("hello") == "hello")
        #expect(proxy.passedBytes(.toServer) == 5)
        #expect(proxy.connectionCount == 1)
        withExtendedLifetime(server) {}
    }

    @Test func `dropped connections are reset, and new ones pass`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        #expect(try await client.echo("1") == "1")
        proxy.dropConnections()
        await #expect(throws: ServerProcess.Failure.self) { _ = try await client.echo("2") }
        let second = try await EchoClient(port: proxy.port)
        #expect(try await second.echo("3") == "3")
        withExtendedLifetime(server) {}
    }

    @Test func `a refusing proxy takes no connection until it is healed`() async throws {
        let (server, proxy) = try await make()
        proxy.refuseConnections()
        try await eventually("refused") { (try? await EchoClient(port: proxy.port)) == nil }
        proxy.heal()
        try await eventually("accepted") { (try? await EchoClient(port: proxy.port)) != nil }
        withExtendedLifetime(server) {}
    }

    @Test func `a frozen proxy holds bytes back and passes them on when it is healed`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        #expect(try await client.echo("1") == "1")
        proxy.freeze(.toServer)
        try await client.send("frozen")
        try await eventually("held bytes") { proxy.heldBytes == 6 }
        #expect(proxy.passedBytes(.toServer) == 1)
        proxy.heal()
        #expect(try await client.receive(6) == "frozen")
        withExtendedLifetime(server) {}
    }

    @Test func `a slow proxy delays each way`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        proxy.delay(by: .milliseconds(50))
        let start = ContinuousClock.now
        #expect(try await client.echo("slow") == "slow")
        #expect(ContinuousClock.now - start >= .milliseconds(100))
        withExtendedLifetime(server) {}
    }

    @Test func `a connection is cut after so many bytes, in the middle of a message`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        proxy.cut(after: 3, .toClient)
        await #expect(throws: ServerProcess.Failure.self) { _ = try await client.echo("cut here") }
        #expect(proxy.passedBytes(.toClient) == 3)
        let second = try await EchoClient(port: proxy.port)
        #expect(try await second.echo("whole again") == "whole again")
        withExtendedLifetime(server) {}
    }

    @Test func `a half-closed connection ends in one direction`() async throws {
        let (server, proxy) = try await make()
        let client = try await EchoClient(port: proxy.port)
        #expect(try await client.echo("1") == "1")
        proxy.halfClose(.toClient)
        #expect(try await client.receive(1) == "", "the stream has ended")
        try await client.send("still taken")
        try await eventually("what the client sends arrives") { proxy.passedBytes(.toServer) == 12 }
        withExtendedLifetime(server) {}
    }

    private func make() async throws -> (EchoServer, FaultProxy) {
        let server = try await EchoServer()
        return (server, try FaultProxy(target: server.port))
    }
}
