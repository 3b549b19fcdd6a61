import Foundation
import MartletJSON
import MartletTesting
import Testing

/// A small cloud of OpenStack's own services, which send their notifications to RabbitMQ. Tests share it: each has projects and
/// images of its own, and a server of Martlet's with a queue of its own.
struct OpenStackCloud: Sendable {
    static let isInstalled = OpenStackTools.isInstalled && RabbitMQServer.isInstalled
    static let absenceReason =
        OpenStackTools.isInstalled ? RabbitMQServer.absenceReason : OpenStackTools.absenceReason

    let host: RabbitMQVirtualHost
    let keystone: KeystoneServer
    let glance: GlanceServer
    /// The user `admin`.
    let administrator: KeystoneLogin

    static var shared: OpenStackCloud { get async throws { try await sharedStart.value } }

    // A task of its own, because no test that waits for it may end the others' by being cancelled. It ends by itself: when the
    // services are ready or could not be started.
    private static let sharedStart = Task { try await start("openstack") }

    /// Starts a cloud that nobody else changes.
    ///
    /// - Parameter name: of its virtual host at RabbitMQ.
    static func start(_ name: String) async throws -> OpenStackCloud {
        let host = RabbitMQVirtualHost(server: try await RabbitMQServer.shared, name: name)
        try await host.create()
        let transport = host.url.replacing("amqp://", with: "rabbit://")
        let keystone = try await KeystoneServer.start(notifications: transport)
        let glance = try await GlanceServer.start(keystone: keystone, notifications: transport)
        return OpenStackCloud(
            host: host,
            keystone: keystone,
            glance: glance,
            administrator: try await keystone.logIn()
        )
    }

    /// A project with a member, who is logged in.
    struct Member: Sendable {
        var project: String
        var name: String
        var password: String
        var login: KeystoneLogin
    }

    func makeMember(of project: String) async throws -> Member {
        let (name, password) = ("member-of-\(project)", "pass-phrase of \(project)")
        let id = try await keystone.makeProject(project, as: administrator)
        _ = try await keystone.makeUser(name, password: password, project: id, as: administrator)
        let login = try await keystone.logIn(user: name, password: password, project: project)
        return Member(project: id, name: name, password: password, login: login)
    }

    /// Starts a server that reads the notifications, and returns when it does.
    ///
    /// - Parameter more: what stands beside the source `osp`, whose cloud is called so too.
    func serve(_ name: String, more: String = "") async throws -> Server {
        let server = try await Server(
            configuration: """
                sources:
                  osp:
                    amqp:
                      transport-url: "\(host.url.replacing("amqp://", with: "rabbit://"))"
                      exchanges: [glance, keystone]
                      durable-exchanges: false
                      queue: martlet-\(name)
                    format: oslo
                \(more)
                """
        )
        try await eventually("the source runs") { try await server.source("osp")["state"]?.string == "running" }
        return server
    }
}

extension Server {
    /// Waits until the enricher has found out the name of a project, which no notification of Keystone's tells.
    func waitForName(_ name: String, ofProject project: String) async throws {
        try await eventually("the name of the project \(name) is known") {
            try await resource("Account", project)?["document"]?["name"]?.string == name
        }
    }

    /// The events of one resource, oldest first.
    func events(of type: String, _ id: String) async throws -> [JSONValue] {
        try await allEvents().filter { $0["resourcetype"]?.string == type && $0["resourceid"]?.string == id }
    }

    /// What the index has of a resource; `nil` where it has none.
    func resource(_ type: String, _ id: String) async throws -> JSONValue? {
        let answer = try await get("/v1/resources/\(type)/\(id)")
        return answer.status == 200 ? try answer.json : nil
    }
}
