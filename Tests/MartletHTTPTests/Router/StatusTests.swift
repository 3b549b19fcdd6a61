import HTTPTypes
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

struct StatusTests {
    @Test func `the status tells of the store, the sources and the forwarders`() async throws {
        try await APIHarness.run { api in
            _ = try await api.send(.post, "/v1/sources/prod", "[\(APIHarness.event("1")),17]")
            _ = try await api.send(.post, "/v1/sources/prod", "nothing")
            try await api.waitForDeadLetters(1)
            let status = try await api.send(.get, "/v1/status").json
            #expect(status["version"]?.string == "1.2.3")
            #expect(status["store"]?["head"]?.string == "1")
            #expect(status["quarantined"]?.integer == 1)
            #expect(status["deadletters"]?.integer == 1)
            #expect(status["forwarders"]?[0]?["name"]?.string == "noc")
            let source = status["sources"]?.elements.first { $0["name"]?.equals("prod") ?? false }
            #expect(source?["cloud"]?.string == "prod")
            #expect(source?["format"]?.string == "cloudevents")
            #expect(source?["accepted"]?.integer == 1)
            #expect(source?["quarantined"]?.integer == 1)
            #expect(source?["refused"]?.integer == 1)
            #expect(source?["lastreceived"]?.string != nil)
        }
    }

    @Test func `the status tells what is wrong with an enricher that answers`() async throws {
        let cloud = ListedCloud(cloud: "osp")
        let member = EnrichmentMember(name: "openstack", enricher: cloud, policy: EnricherPolicy())
        try await APIHarness.run(enrichers: [member]) { api in
            for warning in ["Keystone has not renewed the token.", nil] {
                cloud.warn(warning)
                let enricher = try await api.send(.get, "/v1/status").json["enrichers"]?[0]
                #expect(enricher?["warning"]?.string == warning && enricher?["state"]?.string == "running")
            }
        }
    }

    @Test func `the status tells what keeps a source, where, since when, and what would mend it`() async throws {
        try await APIHarness.run { api in
            let monitor = try #require(api.pipeline.sources["quiet"]).monitor
            monitor.isFailing(
                .init("the broker refuses the user “martlet”", at: "amqp://mq1:5672/", remedy: "check it")
            )
            monitor.warn("exchange", .init("there is no exchange “nova”", at: "amqp://mq1:5672/", remedy: "wait"))
            monitor.hasBacklog(7, parts: ["cs/0": 3, "cs/1": 4])
            let sources = try await api.send(.get, "/v1/status").json["sources"]
            let source = sources?.elements.first { $0["name"]?.equals("quiet") ?? false }
            #expect(source?["state"]?.string == "failing")
            #expect(source?["since"]?.string == monitor.snapshot.since.description)
            #expect(source?["problem"]?["what"]?.string == "the broker refuses the user “martlet”")
            #expect(source?["problem"]?["where"]?.string == "amqp://mq1:5672/")
            #expect(source?["problem"]?["remedy"]?.string == "check it")
            #expect(source?["warnings"]?[0]?["what"]?.string == "there is no exchange “nova”")
            #expect(source?["backlog"]?.integer == 7)
            #expect(source?["backlogs"]?["cs/1"]?.integer == 4)

            let metrics = try await api.send(.get, "/metrics").text.split(separator: "\n")
            #expect(metrics.contains(#"martlet_source_up{source="quiet"} 0.0"#))
            #expect(metrics.contains(#"martlet_source_backlog{source="quiet",part="cs/1"} 4"#))

            monitor.isRunning(at: "amqp://mq1:5672/")
            #expect(monitor.snapshot.problem == nil)
            #expect(monitor.snapshot.reconnections == 1)
        }
    }

    @Test func `metrics have every source and forwarder, at zero too`() async throws {
        try await APIHarness.run { api in
            _ = try await api.send(.post, "/v1/sources/prod", APIHarness.event("1"))
            try await api.waitForDeadLetters(1)
            let answer = try await api.send(.get, "/metrics")
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = answer.text.split(separator: "\n")
            for line in [
                #"martlet_build_info{version="1.2.3"} 1"#, #"martlet_events_accepted_total{source="prod"} 1"#,
                #"martlet_events_accepted_total{source="signed"} 0"#, "martlet_commit_failures_total 0",
                #"martlet_forwarder_committed_events_total{forwarder="noc"} 1"#,
                #"martlet_forwarder_dead_events{forwarder="noc"} 1"#,
                #"martlet_forwarder_state{forwarder="noc",state="running"} 1"#,
                #"martlet_forwarder_state{forwarder="noc",state="paused"} 0"#, "martlet_store_head_position 1",
                #"martlet_http_requests_total{method="POST",status="2xx"} 1"#,
            ] {
                #expect(lines.contains(line[...]), "\(line)")
            }
            // Each metric is described once, before its samples.
            let described = lines.filter { $0.hasPrefix("# TYPE ") }
            #expect(Set(described).count == described.count)
            #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
        }
    }
}
