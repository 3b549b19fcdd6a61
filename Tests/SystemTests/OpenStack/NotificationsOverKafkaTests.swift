import MartletJSON
import MartletTesting
import Testing

/// What OpenStack's own oslo.messaging publishes to Kafka, the mock cluster of librdkafka, as the real binary takes it: there the
/// request's context is one object.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: KafkaMockCluster.isInstalled, Comment(rawValue: KafkaMockCluster.absenceReason)),
    .enabled(if: OsloPublisher.isInstalled, Comment(rawValue: OsloPublisher.absenceReason))
)
struct NotificationsOverKafkaTests {
    private static let server = "178b0921-8f85-4257-88b6-2e743b5a975c"
    private static let context =
        #"{"request_id": "req-1", "user_id": "u1", "project_id": "p1", "user_name": "ada", "auth_token": "s33ded-token", "#
        + #""roles": ["member"], "user_domain_id": "default"}"#

    private static func notification(_ action: String, redacts: Bool) -> OsloPublisher.Notification {
        OsloPublisher.Notification("nova", "compute.instance.\(action)").with {
            $0.payload = #"{"instance_id": "\#(server)", "tenant_id": "p1", "state": "active", "display_name": "web"}"#
            $0.context = context
            $0.redactsContext = redacts
            if action.hasSuffix(".error") { $0.priority = "error" }
        }
    }

    @Test func `notifications come with resource, owner and request, and without the request's token`() async throws {
        let cluster = try await KafkaMockCluster.start(topics: ["notifications.info": 1, "notifications.error": 1])
        let martlet = try await Server(
            configuration: """
                sources:
                  osp:
                    kafka:
                      bootstrap-servers: ["\(cluster.bootstrapServers)"]
                      topics: [notifications.info, notifications.error]
                    format: oslo
                """
        )
        let publisher = try OsloPublisher(url: "kafka://\(cluster.bootstrapServers)/")
        let failed = try await publisher.publish([
            Self.notification("power_on.start", redacts: true), Self.notification("power_on.end", redacts: false),
            Self.notification("reboot.error", redacts: true),
        ])
        #expect(failed == 0)
        try await eventually("all are stored") {
            try await martlet.events(of: "VirtualMachine", Self.server).count == 3
        }
        let events = try await martlet.events(of: "VirtualMachine", Self.server)
        let byType = Dictionary(uniqueKeysWithValues: events.map { ($0["type"]?.string ?? "", $0) })
        let expected = [
            ("power_on.start", "started", String?.none, false), ("power_on.end", "completed", "success", true),
            ("reboot.error", "completed", "failure", false),
        ]
        for (action, phase, outcome, isRedacted) in expected {
            let event = try #require(byType["org.openstack.compute.instance.\(action)"])
            #expect(event["phase"]?.string == phase && event["outcome"]?.string == outcome)
            #expect(event["tenantid"]?.string == "p1" && event["actorid"]?.string == "u1")
            #expect(event["operationid"]?.string == "req-1")
            #expect(event["redacted"]?.boolean ?? false == isRedacted)
            let kept = try #require(event["data"]?["_context"]?.members.map(\.key))
            #expect(kept.contains("request_id") && kept.contains("project_id"))
            #expect(!kept.contains("roles") && !kept.contains("auth_token"), "\(kept)")
        }
        let text = try await martlet.get("/v1/events?body=original").text
        #expect(!text.contains("s33ded"))
        // It has what it sends until then in memory.
        withExtendedLifetime(publisher) {}
        #expect(martlet.stop() == 0)
    }
}
