import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

/// A running server reads its configuration anew.
@Suite struct ReloadTests {
    /// What the clients of a load share.
    private final class Load: Sendable {
        let isOver = Mutex(false)
        let acknowledged = Mutex<[String]>([])
    }

    private static func event(_ id: String, resource: Int = 0) -> String {
        """
        {"specversion":"1.0","id":"\(id)","source":"/reload","type":"t","subject":"VirtualMachine/\(resource)",\
        "data":{"n":1}}
        """
    }

    private static func id(_ request: Receiver.Request) -> String {
        (try? JSONDocument(parsing: request.body).root["id"]?.string) ?? "unreadable"
    }

    @Test func `reloads under load lose nothing, and repeat nothing where nothing has changed`() async throws {
        let (steady, changing) = (try await Receiver(), try await Receiver())
        @Sendable func configuration(_ round: Int) -> String {
            let extra = "  extra\(round): { webhook: { url: \"\(changing.url)/extra\" }, body: event }"
            return """
                sources:
                  events: { http: {}, format: cloudevents }
                  other\(round): { http: {}, format: cloudevents }
                forwarders:
                  steady: { webhook: { url: "\(steady.url)" }, body: event, start: earliest }
                  changing:
                    webhook: { url: "\(changing.url)/\(round)" }
                    body: event
                    start: earliest
                    retry: { attempts: \(round + 3) }
                \(extra)
                """
        }
        let server = try await Server(configuration: configuration(0))
        let rounds = 5
        let load = Load()
        try await withThrowingTaskGroup { group in
            for client in 0..<3 {
                group.addTask {
                    var number = 0
                    while !load.isOver.withLock({ $0 }) {
                        let id = "\(client)-\(number)"
                        number += 1
                        let answer = try await server.post("/v1/events", Self.event(id, resource: number % 7))
                        try #require(answer.status == 202, "A source that has not changed takes on: \(answer.text)")
                        load.acknowledged.withLock { $0.append(id) }
                    }
                }
            }
            group.addTask {
                for round in 1...rounds {
                    let goal = load.acknowledged.withLock { $0.count } + 20
                    try await eventually("events come in") { load.acknowledged.withLock { $0.count } >= goal }
                    #expect(try await server.hangUp(configuration(round)) == "applied")
                }
                load.isOver.withLock { $0 = true }
            }
            try await group.waitForAll()
        }
        let all = load.acknowledged.withLock { $0 }
        for name in ["steady", "changing"] {
            try await eventually("\(name) is through, and the numbers add up") { try await server.hasConcluded(name) }
            #expect(try await server.forwarder(name)["delivered"]?.integer == Int64(all.count))
        }
        #expect(steady.requests.map(Self.id).sorted() == all.sorted(), "Each exactly once.")
        let arrived = changing.requests.filter { !$0.path.hasPrefix("/extra") }
        #expect(Set(arrived.map(Self.id)) == Set(all))
        #expect(Set(arrived.map(\.path)).count == rounds + 1, "Every configuration was in force.")
        #expect(try await server.forwarder("extra0")["state"]?.string == "retired")
        #expect(server.stop() == 0)
    }

    @Test func `a file that cannot be used changes nothing and says why`() async throws {
        let receiver = try await Receiver()
        let good = "forwarders:\n  hook: { webhook: { url: \"\(receiver.url)\" }, body: event }\n"
        let server = try await Server(configuration: good)
        let bad = """
            forwarders:
              hook: { webhook: { url: "hunter2-is-no-url" }, bdy: event }
              tls: { kafka: { topic: t, bootstrap-servers: ["127.0.0.1:1"], ca-file: /nowhere/ca.pem } }
            """
        try server.write(configuration: bad)
        let answer = try await server.post("/v1/config/reload", "{}")
        #expect(answer.status == 422)
        #expect(try answer.json["code"]?.string == "invalid-configuration")
        let findings = try answer.json.texts("findings")
        #expect(findings.count >= 3, "\(findings)")
        #expect(findings.contains { $0.contains("martlet.yaml:2:") && $0.contains("bdy") }, "\(findings)")
        let result = try await Command.martlet("reload", on: server)
        #expect(result.status == 78)
        #expect(result.errors.contains("/nowhere/ca.pem"), "\(result.errors)")
        #expect(try await server.hangUp(bad) == "refused")
        #expect(server.logText.contains("everything runs on as it was"), "\(server.logText)")
        _ = try await server.post("/v1/events", Self.event("1"))
        try await eventually("it is delivered as before") { receiver.requests.count == 1 }
        let status = try await Command.martlet("status", on: server)
        #expect(status.output.contains("the last reload was refused"), "\(status.output)")
        #expect(try await server.get("/metrics").text.contains(#"reloads_total{result="refused"} 3"#))
        #expect(try await server.hangUp(good) == "applied")
    }

    @Test func `a dead webhook is repaired by a reload`() async throws {
        let receiver = try await Receiver()
        func configuration(_ url: String) -> String {
            "forwarders:\n  hook: { webhook: { url: \"\(url)\" }, body: event }\n"
        }
        let server = try await Server(configuration: configuration("http://127.0.0.1:1/none"))
        for number in 0..<10 { _ = try await server.post("/v1/events", Self.event("\(number)", resource: number)) }
        try await eventually("its destination takes nothing") {
            try await server.forwarder("hook")["state"]?.string == "unavailable"
        }
        try server.write(configuration: configuration(receiver.url))
        let result = try await Command.martlet("reload", on: server)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "forwarder hook: changed\n", "\(result.output)")
        try await eventually("all of it arrives") { try await server.hasConcluded("hook") }
        #expect(Set(receiver.requests.map(Self.id)).count == 10)
        #expect(try await server.forwarder("hook")["state"]?.string == "running")
        #expect(try await server.forwarder("hook")["dead"]?.integer == 0)
    }

    @Test func `a forwarder that is taken out is retired, resumes when it comes back, and can be forgotten`()
        async throws
    {
        let receiver = try await Receiver()
        let with = "forwarders:\n  hook: { webhook: { url: \"\(receiver.url)\" }, body: event, start: earliest }\n"
        let without = "forwarders: {}\n"
        let server = try await Server(configuration: with)
        _ = try await server.post("/v1/events", Self.event("1"))
        try await eventually("it is delivered") { try await server.hasConcluded("hook") }
        let early = try await Command.martlet("forwarders", "forget", "hook", on: server)
        #expect(early.status == 1)
        #expect(early.errors.contains("take it out"), "\(early.errors)")

        #expect(try await server.reload(without).texts("forwarders", "removed") == ["hook"])
        #expect(try await server.forwarder("hook")["state"]?.string == "retired")
        #expect(try await server.get("/v1/forwarders/hook").json["delivered"]?.integer == 1)
        #expect(try await server.post("/v1/forwarders/hook/pause", "{}").status == 404)
        _ = try await server.post("/v1/events", Self.event("2"))

        #expect(try await server.reload(with).texts("forwarders", "added") == ["hook"])
        try await eventually("it has what came meanwhile") { try await server.hasConcluded("hook") }
        #expect(receiver.requests.map(Self.id) == ["1", "2"])

        _ = try await server.reload(without)
        let forgotten = try await Command.martlet("forwarders", "forget", "hook", on: server)
        #expect(forgotten.status == 0, "\(forgotten.errors)")
        #expect(try await server.get("/v1/forwarders/hook").status == 404)
        let again = try await server.send("DELETE", "/v1/forwarders/hook", body: [], headers: [])
        #expect(again.status == 404)
        _ = try await server.reload(with)
        try await eventually("it starts anew") { receiver.requests.count == 4 }
        #expect(server.stop() == 0)
    }

    @Test func `sources are added, changed and removed by name, and the others are not disturbed`() async throws {
        let file = try ScratchDirectory.make().appending(path: "events.jsonl")
        try (Self.event("f1") + "\n").write(to: file, atomically: true, encoding: .utf8)
        func configuration(_ ignore: String, _ http: String) -> String {
            """
            sources:
              steady: { file: { path: "\(file.path)", poll-interval: 20ms }, format: cloudevents }
              changing: { file: { path: "\(file.path)", poll-interval: 20ms }, format: cloudevents, cloud: b\(ignore) }
              \(http)
            """
        }
        let server = try await Server(configuration: configuration("", "first: { http: {}, format: cloudevents }"))
        try await eventually("both have read the file") { try await server.head() == 2 }
        let since = try await server.source("steady")["since"]?.string
        let changes = try await server.reload(
            configuration(#", ignore: ["x.#"]"#, #"second: { http: { secret: hush }, format: cloudevents }"#)
        )
        #expect(changes.texts("sources", "added") == ["second"])
        #expect(changes.texts("sources", "changed") == ["changing"])
        #expect(changes.texts("sources", "removed") == ["first"])
        #expect(try await server.post("/v1/sources/first", Self.event("h1")).status == 404)
        #expect(try await server.post("/v1/sources/second", Self.event("h1")).status == 401, "It wants a signature.")
        _ = try await server.reload(
            configuration(#", ignore: ["x.#"]"#, "second: { http: {}, format: cloudevents }")
        )
        #expect(try await server.post("/v1/sources/second", Self.event("h1")).status == 202)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((Self.event("f2") + "\n").utf8))
        try handle.close()
        try await eventually("both read on") { try await server.head() == 5 }
        #expect(try await server.source("steady")["since"]?.string == since)
        for name in ["steady", "changing"] {
            #expect(try await server.source(name)["accepted"]?.integer == 2)
            #expect(try await server.source(name)["duplicates"]?.integer == 0, "It went on from its checkpoint.")
        }
        #expect(server.stop() == 0)
    }

    @Test func `what needs a restart is said`() async throws {
        let server = try await Server(configuration: "clock-skew: 5s\n")
        let answer = try await server.reload("clock-skew: 6s\nlimits: { body: 1MiB }\n")
        #expect(answer.texts("restart") == ["clock-skew", "limits.body"])
        let result = try await Command.martlet("reload", on: server)
        #expect(result.output.contains("limits.body: has changed, and needs a restart"), "\(result.output)")
    }

    @Test func `two reloads at once are done one after the other`() async throws {
        let receiver = try await Receiver()
        let server = try await Server(configuration: "forwarders: {}\n")
        try server.write(configuration: "forwarders:\n  hook: { webhook: { url: \"\(receiver.url)\" } }\n")
        let added = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    try await server.post("/v1/config/reload", "{}").json.texts("forwarders", "added").count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(added == 1, "Only the first of them has something to do.")
        #expect(try await server.get("/v1/forwarders").json["forwarders"]?.count == 1)
    }
}
