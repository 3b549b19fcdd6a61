import HTTPTypes
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletHTTP

/// `/v1/syncs`.
@Suite struct SyncsTests {
    private static func member(_ cloud: ListedCloud) -> EnrichmentMember {
        EnrichmentMember(name: "openstack", enricher: cloud, policy: EnricherPolicy())
    }

    private static func cloud(
        _ name: String = "osp",
        before: @escaping @Sendable (ListedCloud.Question) async throws -> Void = { _ in }
    ) -> ListedCloud {
        let cloud = ListedCloud(cloud: name, before: before)
        for number in 1...3 { cloud.set("vm-\(number)") { ($0.name, $0.state) = ("web-\(number)", "active") } }
        return cloud
    }

    private static func ended(_ api: APIHarness, _ id: String) async throws -> JSONValue {
        while true {
            let sync = try await api.send(.get, "/v1/syncs/\(id)").json
            if sync["state"]?.string != "running" { return sync }
            await Task.yield()
        }
    }

    @Test func `a sync is begun, ends, and tells what it found`() async throws {
        let cloud = Self.cloud()
        try await APIHarness.run(enrichers: [Self.member(cloud)]) { api in
            let answer = try await api.send(.post, "/v1/syncs", #"{"kind":"openstack"}"#)
            #expect(answer.status == 201)
            let first = try await Self.ended(api, try #require(try answer.json["id"]?.string))
            #expect(first["state"]?.string == "finished" && first["cloud"]?.string == "osp")
            #expect(first["new"]?.integer == 3 && first["events"]?.integer == 0)
            #expect(first["types"]?.elements.compactMap { $0["first"]?.boolean } == [true, true])

            cloud.set("vm-1") { ($0.name, $0.state) = ("web-1", "stopped") }
            let body = #"{"kind":"openstack","cloud":"osp","types":["VirtualMachine"],"rate":5,"dryrun":true}"#
            let dry = try await api.send(.post, "/v1/syncs", body).json
            let second = try await Self.ended(api, try #require(dry["id"]?.string))
            #expect(second["dryrun"]?.boolean == true && second["rate"]?.integer == 5)
            #expect(second["changed"]?.integer == 1 && second["unchanged"]?.integer == 2)
            let difference = second["differences"]?.elements.first { _ in true }
            #expect(difference?["id"]?.string == "vm-1" && difference?["found"]?.string == "changed")
            #expect(difference?["changes"]?["state"]?["to"]?.string == "stopped")
            let list = try await api.send(.get, "/v1/syncs").json["syncs"]
            #expect(list?.elements.compactMap { $0["id"]?.string } == ["2", "1"])
            #expect(try await api.send(.get, "/v1/status").json["syncs"]?.count == 0)
            let metrics = try await api.send(.get, "/metrics").text
            #expect(metrics.contains(#"martlet_sync_resources_total{cloud="osp",found="new"} 3"#))
            #expect(metrics.contains(#"martlet_syncs_ended_total{cloud="osp",state="finished"} 2"#))
            #expect(metrics.contains("martlet_syncs_running 0"))
        }
    }

    @Test func `one that runs is told of in the status, refuses another, and is stopped`() async throws {
        let time = ManualTime()
        let cloud = Self.cloud { _ in try await time.sleep(for: .seconds(3_600)) }
        try await APIHarness.run(enrichers: [Self.member(cloud)]) { api in
            let id = try #require(try await api.send(.post, "/v1/syncs", #"{"kind":"openstack"}"#).json["id"]?.string)
            let second = try await api.send(.post, "/v1/syncs", #"{"kind":"openstack"}"#)
            #expect(second.status == 409)
            #expect(try second.problemCode == "sync-conflict")
            let status = try await api.send(.get, "/v1/status").json["syncs"]
            #expect(status?.elements.compactMap { $0["id"]?.string } == [id])
            let stopped = try await api.send(.delete, "/v1/syncs/\(id)")
            #expect(stopped.status == 200)
            #expect(try stopped.json["state"]?.string == "stopped")
            #expect(try stopped.json["reason"]?.string == "It was stopped over the API.")
            let again = try await api.send(.delete, "/v1/syncs/\(id)")
            #expect(try again.problemCode == "sync-conflict")
        }
    }

    @Test(arguments: [
        (#"{}"#, "kind"), (#"{"kind":""}"#, "kind"), (#"{"kind":"openstack","cloud":7}"#, "cloud"),
        (#"{"kind":"openstack"}"#, "cloud"), (#"{"kind":"openstack","cloud":"nowhere"}"#, "cloud"),
        (#"{"kind":"openstack","cloud":"osp","types":"Volume"}"#, "types"),
        (#"{"kind":"openstack","cloud":"osp","types":["Volume",1]}"#, "types"),
        (#"{"kind":"openstack","cloud":"osp","types":["Volum"]}"#, "types"),
        (#"{"kind":"openstack","cloud":"osp","rate":-1}"#, "rate"),
        (#"{"kind":"openstack","cloud":"osp","dryrun":"yes"}"#, "dryrun"),
        (#"{"kind":"openstack","cloud":"osp","dry-run":true}"#, "dry-run"),
    ])
    func `what is wrong is told by its name, and nothing is begun`(_ body: String, _ parameter: String) async throws {
        let enrichers = [Self.member(Self.cloud()), Self.member(Self.cloud("lab"))]
        try await APIHarness.run(enrichers: enrichers) { api in
            let answer = try await api.send(.post, "/v1/syncs", body)
            #expect(answer.status == 400)
            #expect(try answer.problemCode == "invalid-parameter")
            #expect(try answer.json["parameter"]?.string == parameter)
            #expect(api.pipeline.syncs.all.isEmpty)
        }
    }

    @Test func `where nobody can be asked, the answer says what to configure`() async throws {
        try await APIHarness.run { api in
            let answer = try await api.send(.post, "/v1/syncs", #"{"kind":"cloudstack","cloud":"prod"}"#)
            #expect(try answer.problemCode == "sync-conflict")
            #expect(try answer.json["detail"]?.string?.contains("cloudstack: { cloud: prod, endpoint:") == true)
            for (method, path) in [
                (HTTPRequest.Method.get, "/v1/syncs/7"), (.get, "/v1/syncs/x"), (.delete, "/v1/syncs/7"),
            ] {
                let unknown = try await api.send(method, path)
                #expect(try unknown.problemCode == "unknown-sync")
            }
            let unauthorized = try await api.send(.post, "/v1/syncs", "{}", token: nil)
            #expect(unauthorized.status == 401)
        }
    }
}
