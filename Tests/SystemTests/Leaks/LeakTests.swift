import Foundation
import MartletJSON
import MartletTesting
import Testing

/// Promise 9, with the real program: marks in every field that has to be hidden, sent through every way out that there is.
///
/// Each way has its control: without the protection the marks are there, so that a way on which nothing comes is no success.
@Suite(.timeLimit(.minutes(10))) struct LeakTests {
    @Test func `no mark leaves by a forwarder, alive, replayed, dead or redelivered`() async throws {
        let (open, refusing) = (try await Receiver(), try await Receiver { _, _ in .init(status: 400) })
        let setup = try LeakSetup(in: ScratchDirectory.make())
        let file = setup.path("protected.jsonl")
        let control = setup.path("control.jsonl")
        let original = setup.path("original.jsonl")
        let forwarders = [
            setup.protected("hook", "webhook: { url: \"\(open.url)\" }"),
            setup.protected("hookevent", "webhook: { url: \"\(open.url)\", batch: 10 }", body: "event"),
            setup.protected("refused", "webhook: { url: \"\(refusing.url)\" }"),
            setup.protected("file", "file: { path: \"\(file.path)\" }"),
            setup.protected("log", "log: {}"),
            setup.open("control", "file: { path: \"\(control.path)\" }"),
            setup.open("original", "file: { path: \"\(original.path)\" }", body: "original"),
        ]
        let server = try await Server(
            in: setup.directory,
            configuration: setup.configuration(forwarders),
            options: ["--log-level", "trace"]
        )
        try await LeakSeeds.publish(to: server)
        for name in ["hook", "hookevent", "refused", "file", "log", "control", "original"] {
            try await eventually("\(name) is through") { try await server.hasConcluded(name) }
        }
        let dead = try #require(try await server.forwarder("refused")["dead"]?.integer)
        #expect(dead >= 6)

        // What is refused is refused again, and then taken.
        _ = try await server.post("/v1/forwarders/refused/redeliver", #"{"all":true}"#)
        try await eventually("the dead letters have been refused again") {
            let forwarder = try await server.forwarder("refused")
            return forwarder["pending"]?.integer == 0 && refusing.requests.count >= 2 * Int(dead)
        }
        refusing.answer { _, _ in .ok }
        _ = try await server.post("/v1/forwarders/refused/redeliver", #"{"all":true}"#)
        try await eventually("they have been taken") {
            try await server.forwarder("refused")["delivered"]?.integer == dead
        }

        let replayed = setup.path("replayed.jsonl")
        for definition in [
            #"{"forwarder":"hook","from":"earliest","to":"now","rate":0}"#,
            ##"{"sink":{"file":{"path":"\##(replayed.path)"}},"protect":\##(setup.protect),"##
                + ##""match":["#.VirtualMachine.*"],"from":"earliest","rate":0}"##,
        ] {
            let made = try await server.post("/v1/replays", definition)
            try #require(made.status == 201, "\(made.text)")
            let id = try #require(try made.json["id"]?.string)
            try await eventually("the replay has finished") {
                try await server.get("/v1/replays/\(id)").json["state"]?.string == "finished"
            }
        }

        let protected = [
            "the webhook": open.requests.map(\.text).joined(separator: "\n"),
            "the webhook that refuses": refusing.requests.map(\.text).joined(separator: "\n"),
            "the file": try String(contentsOf: file, encoding: .utf8),
            "the replay": try String(contentsOf: replayed, encoding: .utf8),
        ]
        for (place, text) in protected {
            #expect(LeakMarks.leaks(in: text) == [], "\(place)")
            let seen = LeakMarks.all(in: text, of: [LeakMarks.seen])
            #expect(
                seen.isSuperset(of: ["lkseenname", "lkseenserver", "lkseenvm", "lkseence", "lkseencolour"]),
                "\(place): \(seen)"
            )
        }
        for request in open.requests + refusing.requests {
            #expect(LeakMarks.leaks(in: request.headers.description) == [])
        }
        // The control: nothing is hidden there but credentials.
        let all = try String(contentsOf: control, encoding: .utf8)
        #expect(LeakMarks.all(in: all, of: [LeakMarks.credentials]) == [])
        #expect(LeakMarks.all(in: all, of: [LeakMarks.joined]) == ["lkjoinhost", "lkjoincost", "lkjoincolumn"])
        let seeded = LeakMarks.all(in: Self.seeds, of: LeakMarks.hidden)
        #expect(LeakMarks.all(in: all, of: LeakMarks.hidden) == seeded)
        #expect(seeded.count > 50)
        let bytes = try String(contentsOf: original, encoding: .utf8)
        #expect(LeakMarks.all(in: bytes, of: [LeakMarks.credentials]) == [])
        #expect(LeakMarks.all(in: bytes, of: LeakMarks.hidden).count > 40)

        try await Self.expectNothing(toldBy: server, in: setup)
    }

    /// What an operator looks at, and might show to somebody: no field of an event is in it.
    private static func expectNothing(toldBy server: Server, in setup: LeakSetup) async throws {
        var places: [String: String] = [:]
        for path in ["/metrics", "/v1/status", "/v1/forwarders", "/v1/replays", "/v1/components", "/v1/openapi.json"] {
            places[path] = try await server.get(path).text
        }
        let report = setup.path("doctor.txt").path
        let log = setup.path("serve.log").path
        let doctor = try await Command.martlet(
            "doctor",
            "--config",
            setup.path("martlet.yaml").path,
            "--data",
            setup.path("data").path,
            "--log",
            log,
            "--output",
            report,
            on: server
        )
        #expect(doctor.status == 0, "\(doctor.errors)")
        places["doctor"] = try String(contentsOfFile: report, encoding: .utf8) + doctor.output + doctor.errors
        for arguments in [["status"], ["forwarders", "list"], ["check", setup.path("martlet.yaml").path]] {
            let result = try await Command.run(
                Server.binary.path,
                arguments,
                environment: ["MARTLET_URL": server.url, "MARTLET_TOKEN": server.token]
            )
            places["martlet \(arguments[0])"] = result.output + result.errors
        }
        #expect(try await server.get("/v1/quarantine").text.contains(#"{\"no\":\"event\""#))
        // These an administrator may see; what is a credential nobody may.
        for path in ["/v1/quarantine", "/v1/dead-letters", "/v1/events?body=enriched", "/v1/events?body=original"] {
            let text = try await server.get(path).text
            #expect(LeakMarks.all(in: text, of: [LeakMarks.credentials]) == [], "\(path)")
        }
        #expect(server.stop() == 0)
        places["the log"] = server.logText
        for (place, text) in places {
            #expect(LeakMarks.leaks(in: text) == [], "\(place)")
            #expect(!text.contains(LeakSetup.readerToken), "\(place)")
        }
        #expect(server.logText.contains("An event."), "The log is a way out as well.")
    }

    /// Everything that has been seeded, nested texts as they stand.
    private static var seeds: String {
        (LeakSeeds.cloudStack.map(\.body) + LeakSeeds.openStack + LeakSeeds.cloudEvents).joined(separator: "\n")
    }

    @Test func `no mark leaves to a reader, and no question about one is answered`() async throws {
        let setup = try LeakSetup(in: ScratchDirectory.make())
        let server = try await Server(
            in: setup.directory,
            configuration: setup.configuration([setup.open("l", "log: {}")])
        )
        try await LeakSeeds.publish(to: server)
        let head = try await server.head()
        try await eventually("the texts are indexed") {
            try await server.get("/v1/resources?search=x").json["indexedthrough"]?.string == "\(head)"
        }
        let token = LeakSetup.readerToken
        let machine = "/v1/resources/VirtualMachine/\(LeakSeeds.machine)"
        var paths = [
            "/v1/events", "/v1/events?body=enriched", "/v1/resources?search=lkseen",
            "/v1/resources?search=virtualmachine",
            "/v1/resources?search=\(LeakSeeds.machine)", machine, "/v1/resources/Template/\(LeakSeeds.image)",
            "/v1/resources/VirtualMachine/\(LeakSeeds.server)", "\(machine)/timeline",
            "\(machine)/timeline?body=enriched",
        ]
        for position in 1...head { paths += ["", "?body=enriched"].map { "/v1/events/\(position)\($0)" } }
        var all = ""
        for path in paths {
            let answer = try await server.get(path, token: token)
            #expect(answer.status == 200, "\(path): \(answer.text)")
            // The host's own event and document name it: which resources one sees at all is not for a protection to say.
            #expect(
                LeakMarks.leaks(in: answer.text, joined: false).subtracting(Self.ownNames(path, answer.text)) == [],
                "\(path)"
            )
            let control = try await server.get(path)
            all += control.text
            #expect(LeakMarks.all(in: control.text, of: [LeakMarks.credentials]) == [], "\(path)")
        }
        #expect(
            LeakMarks.all(in: all, of: LeakMarks.hidden).isSuperset(
                of: LeakMarks.all(in: Self.seeds, of: LeakMarks.hidden)
            )
        )
        try await Self.expectSilence(of: server)
        try await Self.expectNothingFound(on: server)
        try await Self.expectSilence(ofCommandsOn: server)
    }

    /// The host's id is its own resource's id, and stands in its topic.
    private static func ownNames(_ path: String, _ text: String) -> Set<String> {
        text.contains("\"resourcetype\":\"Host\"") ? [LeakSeeds.host] : []
    }

    /// Everything but what a reader is for is refused, and so is a question about what is hidden, alike for a true value and a
    /// false one.
    private static func expectSilence(of server: Server) async throws {
        let token = LeakSetup.readerToken
        for path in [
            "/v1/status", "/v1/forwarders", "/v1/forwarders/l", "/v1/dead-letters", "/v1/quarantine", "/v1/replays",
            "/metrics",
            "/v1/components",
        ] {
            let answer = try await server.get(path, token: token)
            #expect(answer.status == 403, "\(path)")
            #expect(LeakMarks.leaks(in: answer.text) == [])
        }
        for path in ["/v1/events", "/v1/config/reload", "/v1/forwarders/l/pause", "/v1/replays", "/v1/sources/prod"] {
            #expect(try await server.post(path, "{}", token: token).status == 403, "\(path)")
        }
        for (name, value) in [
            ("tenantid", LeakSeeds.tenant), ("operationid", LeakSeeds.operation), ("secretmark", LeakSeeds.attribute),
            ("source", "/clouds/osp/nova-compute:lkadminpublisher"), ("ruled", "lkhideruledvm"),
        ] {
            let real = try await server.get("/v1/events?\(name)=\(value)", token: token)
            let wrong = try await server.get("/v1/events?\(name)=nothing", token: token)
            #expect(real.status == 403 && real.text == wrong.text, "\(name): \(real.text)")
            if name != "ruled" {
                let known = try await server.get("/v1/events?\(name)=\(value)").json["events"]?.count ?? 0
                #expect(known > 0, "\(name): the control")
            }
        }
        #expect(try await server.get("/v1/events?body=original", token: token).status == 403)
    }

    /// No hidden word finds anything, alone or beside a visible one, and the answer is that to a word that is nowhere.
    private static func expectNothingFound(on server: Server) async throws {
        let token = LeakSetup.readerToken
        var known = 0
        for mark in LeakMarks.all(in: seeds, of: LeakMarks.hidden).sorted() where mark != LeakSeeds.host {
            for prefix in ["", "lkseenname+", "virtualmachine+"] {
                let real = try await server.get("/v1/resources?search=\(prefix)\(mark)", token: token)
                let wrong = try await server.get("/v1/resources?search=\(prefix)nothingofthiskind", token: token)
                #expect(real.text == wrong.text, "\(mark)")
                #expect(try real.json["resources"]?.count == 0)
            }
            known += try await server.get("/v1/resources?search=\(mark)").json["resources"]?.count ?? 0
        }
        #expect(known > 15, "The control: the administrator finds them.")
        let seen = try await server.get("/v1/resources?search=lkseenname", token: token).json["resources"]?[0]
        #expect(seen?["id"]?.string == LeakSeeds.machine)
    }

    private static func expectSilence(ofCommandsOn server: Server) async throws {
        for arguments in [
            ["events", "--after", "0"], ["events", "--after", "0", "--json"], ["search", "lkseen"],
            ["search", "lkhide"],
            ["resource", "VirtualMachine", LeakSeeds.machine],
            ["resource", "VirtualMachine", LeakSeeds.machine, "--json"],
        ] {
            let result = try await Command.run(
                Server.binary.path,
                arguments,
                environment: ["MARTLET_URL": server.url, "MARTLET_TOKEN": LeakSetup.readerToken]
            )
            let text = result.output + result.errors
            #expect(LeakMarks.leaks(in: text, joined: false).subtracting([LeakSeeds.host]) == [], "\(arguments)")
            if arguments != ["search", "lkhide"] {
                #expect(result.status == 0 && !text.isEmpty, "\(arguments): \(text)")
            }
        }
    }
}
