import Foundation
import MartletTesting
import Testing

@testable import MartletAMQP

@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSessionOpeningTests {
    @Test func `who is refused is told what, where and what to do, without the password`() async throws {
        try await BrokerCase.run { broker in
            var settings = try broker.settings()
            settings.hosts[0].password = "wrong-secret"
            let password = await failure(settings)
            #expect(password?.code == .credentials)
            #expect(password?.what == "the broker refuses the user “guest”")
            #expect(password?.place == "amqp://127.0.0.1:\(broker.host.server.port)/\(broker.host.name)")
            #expect(password?.description.contains("wrong-secret") == false)

            settings = try broker.settings()
            settings.virtualHost = "no such/host"
            let virtualHost = await failure(settings)
            #expect(virtualHost?.code == .virtualHost)
            #expect(virtualHost?.what.contains("no such/host") == true)
        }
    }

    @Test func `the first host that answers is taken, and what came furthest is reported`() async throws {
        try await BrokerCase.run { broker in
            let good = try broker.settings()
            var settings = good
            let nobody = AMQPSettings.Host(name: "127.0.0.1", port: try FreePort.next())
            let nowhere = AMQPSettings.Host(name: "no-such-host.invalid", port: 5_672)
            settings.hosts = [nobody, nowhere]
            let unreachable = await failure(settings)
            #expect(unreachable?.code == .unreachable)

            settings.hosts = [nobody] + good.hosts
            let session = try await AMQPSession.open(settings, name: "test")
            #expect(session.place == good.place)
            await session.close()

            settings.hosts = good.hosts + [nobody]
            settings.hosts[0].password = "wrong"
            let refused = await failure(settings)
            #expect(refused?.code == .credentials)
        }
    }

    @Test func `who gives up while nobody answers need not wait`() async throws {
        let silent = try FaultProxy(target: FreePort.next())
        silent.freeze()
        var settings = AMQPSettings(hosts: [AMQPSettings.Host(name: "127.0.0.1", port: silent.port)])
        settings.connectTimeout = .seconds(300)
        // A task of its own, because cancelling it is what is tried.
        let opening = Task { [settings] in
            try await AMQPSession.open(settings, name: "test")
        }
        opening.cancel()
        let error = await #expect(throws: AMQPError.self) { try await opening.value }
        #expect(error?.code == .closed || error?.code == .lost)
    }

    @Test func `a call that nobody answers ends when the session is aborted`() async throws {
        try await BrokerCase.run { broker in
            let proxy = try FaultProxy(target: broker.host.server.port)
            var settings = try broker.settings(port: proxy.port)
            settings.connectTimeout = .seconds(300)
            settings.heartbeat = .seconds(300)
            let session = try await AMQPSession.open(settings, name: "test")
            try await session.declareQueue(AMQPQueue(name: "q"))
            proxy.freeze()
            // A task of its own, because it waits while this one aborts the session.
            let waiting = Task { try await session.queueState("q") }
            let publishing = Task {
                await session.publish([AMQPPublication(exchange: "", routingKey: "q", body: [1])])
            }
            try await eventually("the question hangs") { proxy.heldBytes > 0 }
            session.abort()
            let error = await #expect(throws: AMQPError.self) { try await waiting.value }
            #expect(error?.code == .closed)
            for outcome in await publishing.value { #expect(outcome != .confirmed) }
            await session.close()
        }
    }

    @Test func `a connection that is cut ends the session, and heartbeats find out about one that is silent`()
        async throws
    {
        try await BrokerCase.run { broker in
            let proxy = try FaultProxy(target: broker.host.server.port)
            for isCut in [true, false] {
                let notices = Collected<AMQPNotice>()
                var settings = try broker.settings(port: proxy.port)
                settings.heartbeat = .seconds(1)
                let session = try await AMQPSession.open(settings, name: "test", observer: { notices.add($0) })
                if isCut { proxy.dropConnections() } else { proxy.freeze() }
                try await eventually("the end") { !notices.elements.isEmpty }
                #expect(session.failure?.code == .lost)
                await session.close()
                proxy.heal()
            }
        }
    }

    private func failure(_ settings: AMQPSettings) async -> AMQPError? {
        await #expect(throws: AMQPError.self) { _ = try await AMQPSession.open(settings, name: "test") }
    }
}

/// A node of its own: with certificates, and with an alarm.
@Suite(.timeLimit(.minutes(5)), .enabled(if: RabbitMQServer.isInstalled, "\(RabbitMQServer.absenceReason)"))
struct AMQPSessionNodeTests {
    @Test func `TLS verifies the broker, a certificate logs in, and an alarm blocks publishers alone`() async throws {
        let folder = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificates = try await TestCertificates(in: folder)
        let server = try await RabbitMQServer.start(.init(certificates: certificates))
        let host = RabbitMQVirtualHost(server: server, name: "/")
        let port = try #require(server.node.encryptedPort)

        var settings = try AMQPSettings(url: "amqps://localhost:\(port)/?cacertfile=\(certificates.authority.path)")
        var session = try await AMQPSession.open(settings, name: "verified")
        #expect(session.place == "amqps://localhost:\(port)/")
        await session.close()

        // The system's certificates do not know the test's authority.
        settings = try AMQPSettings(url: "amqps://localhost:\(port)/")
        #expect(await failure(settings)?.code == .tls)
        settings = try AMQPSettings(url: "amqps://localhost:\(port)/?verify=verify_none")
        session = try await AMQPSession.open(settings, name: "unverified")
        await session.close()
        settings = try AMQPSettings(url: "amqps://localhost:\(server.port)/?verify=verify_none")
        #expect(await failure(settings)?.code == .tls)
        settings = try AMQPSettings(url: "amqps://localhost:\(port)/?cacertfile=/nowhere.pem")
        #expect(await failure(settings)?.what.contains("/nowhere.pem") == true)

        let files = "certfile=\(certificates.client.path)&keyfile=\(certificates.clientKey.path)"
        settings = try AMQPSettings(
            url: "amqps://localhost:\(port)/?verify=verify_none&auth_mechanism=external&\(files)"
        )
        #expect(await failure(settings)?.code == .credentials)
        try await host.makeUser(TestCertificates.clientName, password: "unused")
        try await server.control("set_permissions", TestCertificates.clientName, ".*", ".*", ".*")
        session = try await AMQPSession.open(settings, name: "external")
        await session.close()

        try await blocks(server)
        await server.kill()
    }

    private func blocks(_ server: RabbitMQServer) async throws {
        let notices = Collected<AMQPNotice>()
        let settings = try AMQPSettings(url: server.url)
        let session = try await AMQPSession.open(settings, name: "blocked", observer: { notices.add($0) })
        try await session.declareQueue(AMQPQueue(name: "q"))
        let message = AMQPPublication(exchange: "", routingKey: "q", body: [1])
        #expect(await session.publish([message]) == [.confirmed])
        try await server.withMemoryAlarm {
            // The broker says so when something is published.
            let first = await session.publish([message], timeout: .seconds(2))
            #expect(first.map(\.lost?.code) == [.blocked])
            #expect(session.blockedReason != nil)
            let second = await session.publish([message])
            #expect(second.map(\.unsent?.code) == [.blocked])
        }
        try await eventually("the end of the alarm") { session.blockedReason == nil }
        #expect(await session.publish([message]) == [.confirmed])
        #expect(notices.elements.map(\.isBlocked) == [true, false])
        await session.close()
    }

    private func failure(_ settings: AMQPSettings) async -> AMQPError? {
        await #expect(throws: AMQPError.self) { _ = try await AMQPSession.open(settings, name: "test") }
    }
}

extension AMQPNotice {
    fileprivate var isBlocked: Bool? {
        switch self {
        case .blocked: true
        case .unblocked: false
        default: nil
        }
    }
}
