import ArgumentParser
import MartletJSON
import MartletTesting
import Testing

@testable import MartletCommands

struct SetupOpenStackCommandTests {
    private static func plan(_ arguments: String...) async throws -> JSONValue { try await plan(arguments) }

    private static func plan(_ arguments: [String]) async throws -> JSONValue {
        let run = try await run(["setup", "openstack", "--json"] + arguments)
        #expect(run.failure == nil)
        return try JSONDocument(parsing: Array(run.output.utf8)).root
    }

    @Test func `the rights are no more than is needed`() async throws {
        let plain = try await Self.plan("--exchange", "nova", "--exchange", "a.b")
        #expect(plain["permissions"]?["configure"]?.string == "^martlet$")
        #expect(plain["permissions"]?["write"]?.string == "^martlet$")
        #expect(plain["permissions"]?["read"]?.string == #"^(martlet|nova|a\.b)$"#)
        let more = try await Self.plan("--exchange", "nova", "--declare", "--drain", "--queue", "m")
        #expect(more["permissions"]?["configure"]?.string == "^(m|nova)$")
        #expect(more["permissions"]?["write"]?.string == "^m$")
        let read = #"^(m|nova|(notifications|versioned_notifications|ironic_versioned_notifications)\.[a-z]+)$"#
        #expect(more["permissions"]?["read"]?.string == read)
    }

    @Test func `every name that is read with --drain is one of a publisher's own queue`() async throws {
        let target = OpenStackTarget(
            addresses: [],
            virtualHost: "/",
            usesTLS: false,
            exchanges: ["nova"],
            username: "martlet",
            queue: "martlet",
            declares: false,
            drains: true
        )
        let pattern = try Regex(target.permissions.read)
        #expect(OpenStackTarget.defaultQueues.count == 21)
        for name in OpenStackTarget.defaultQueues + ["martlet", "nova"] {
            #expect(try pattern.wholeMatch(in: name) != nil)
        }
        for name in ["conductor", "notifications", "notifications.info.x", "nova_fanout"] {
            #expect(try pattern.wholeMatch(in: name) == nil)
        }
    }

    @Test func `each service's settings are printed with what is missed without them`() async throws {
        let services = ["nova", "openstack", "keystone", "ironic", "swift", "octavia"]
        let plan = try await Self.plan(services.flatMap { ["--exchange", $0] })
        let steps = plan["steps"].map { Array($0.elements) } ?? []
        #expect(steps.count == services.count + 2)
        func text(_ service: String) throws -> String {
            let step = try #require(steps.first { $0["title"]?.string?.hasPrefix(service) == true })
            let parts = [step["lines"], step["notes"]].compactMap { $0 }
            return parts.flatMap { $0.elements.compactMap(\.string) }.joined(separator: "\n")
        }
        for service in ["nova", "cinder", "keystone", "ironic", "octavia"] {
            #expect(try text(service).contains("driver = messagingv2"))
            #expect(try text(service).contains("topics = notifications"))
        }
        #expect(try text("nova").contains("notify_on_state_change = vm_and_task_state"))
        #expect(try text("nova").contains("no instance.update"))
        #expect(try text("keystone").contains("notification_opt_out"))
        #expect(try text("ironic").contains("notification_level = info"))
        #expect(try text("swift").contains("url = rabbit://USER:PASSWORD@127.0.0.1:5672/"))
        #expect(try !text("swift").contains("[oslo_messaging_notifications]"))
    }

    @Test func `the piece of martlet.yaml has what was asked for and no password`() async throws {
        let plan = try await Self.plan(
            "--rabbitmq",
            "mq1,mq2:5673",
            "--vhost",
            "a/b",
            "--tls",
            "--declare",
            "--durable",
            "--drain",
            "--exchange",
            "nova",
            "--source",
            "osp-cell1"
        )
        #expect(
            plan["source"]?.string == """
                sources:
                  osp-cell1:
                    format: oslo
                    amqp:
                      transport-url: "rabbit://mq1:5671,mq2:5673/a%2Fb?ssl=1"
                      username: martlet
                      password: { file: /etc/martlet/rabbitmq.password }
                      exchanges: [nova]
                      queue: martlet
                      durable-exchanges: true
                      drain-default-queues: true
                """
        )
    }

    @Test(arguments: [
        (["--rabbitmq", "amqp://x"], "host:port"), (["--durable"], "--declare"), (["--password-file", "x"], "--check"),
        (["--exchange", ""], "--exchange"),
    ])
    func `what makes no sense is refused`(_ arguments: [String], _ word: String) throws {
        let error = #expect(throws: (any Error).self) {
            try MartletCommand.parseAsRoot(["setup", "openstack"] + arguments)
        }
        #expect(MartletCommand.fullMessage(for: try #require(error)).contains(word))
    }

    @Test func `people are told in lines that fit`() async throws {
        let run = try await run("setup", "openstack", "--rabbitmq", "mq1", width: 80)
        #expect(run.output.contains("rabbitmqctl set_permissions -p / martlet \\\n"))
        #expect(run.output.contains("In martlet.yaml"))
        #expect(run.output.contains("openstack (cinder") == false)
        #expect(run.output.contains("cinder, exchange openstack"))
    }
}

@Suite(
    .enabled(if: RabbitMQServer.isInstalled, Comment(rawValue: RabbitMQServer.absenceReason)),
    .timeLimit(.minutes(3))
)
struct OpenStackCheckTests {
    @Test func `a check sees exchanges and queues, and changes nothing`() async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            try await host.makeExchange("nova", durable: false)
            try await host.makeQueue("notifications.info", durable: false)
            try await host.bind("notifications.info", to: "nova", key: "notifications.info")
            try await host.publish("{}", to: "nova", key: "notifications.info")
            let before = try await host.queueNames()
            let run = try await run(
                [
                    "setup", "openstack", "--check", "--rabbitmq", "127.0.0.1:\(host.server.port)", "--vhost",
                    host.name,
                    "--username", "guest", "--exchange", "nova", "--exchange", "glance",
                ],
                environment: ["MARTLET_BROKER_PASSWORD": "guest"]
            )
            #expect(run.status == .failed)
            #expect(run.output.contains("There is an exchange nova."))
            #expect(run.output.contains("There is no exchange glance"))
            #expect(run.output.contains("There is no queue martlet."))
            #expect(run.output.contains("Nobody reads the publishers' queue notifications.info, 1 message waiting"))
            #expect(try await host.queueNames() == before)
            // It is still there, and nobody has seen it.
            let message = try await host.peek(1, at: "notifications.info").first
            #expect(message?["redelivered"]?.boolean == false)
        }
    }
}
