import Martlet
import MartletClouds
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletEnrichers

/// What is said where CloudStack's API, or what stands in for it here, gives no good answer; and what is never said.
@Suite(.timeLimit(.minutes(2))) struct CloudStackFaultTests {
    private static let secrets = [CloudStackStandIn.apiKey, CloudStackStandIn.secretKey, "s33ded"]

    private static func expect(
        _ failure: EnricherError?,
        says words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = failure?.description ?? "(no failure)"
        for word in words { #expect(text.contains(word), sourceLocation: sourceLocation) }
        for secret in secrets { #expect(!text.contains(secret), sourceLocation: sourceLocation) }
    }

    @Test func `keys that are not taken are an error that says what to check`() async throws {
        let rig = try await CloudStackRig(secretKey: "s33ded-wrong")
        Self.expect(await rig.failure(), says: "401", "unable to verify user credentials", "secret-key", "clock")
    }

    @Test func `a clock that is wrong is a refused signature`() async throws {
        let rig = try await CloudStackRig(time: ManualTime())
        Self.expect(await rig.failure(), says: "401", "clock")
    }

    @Test func `throttling says how long, in a header or in CloudStack's own words`() async throws {
        let rig = try await CloudStackRig()
        let words = "The given user has reached his/her account api limit, please retry after"
        let cases: [(step: String, wait: Duration)] = [
            (#"{"status": 429, "errortext": "\#(words) 7301 ms."}"#, .milliseconds(7_301)),
            (#"{"status": 429, "errortext": "\#(words) [250] ms."}"#, .milliseconds(250)),
            (#"{"status": 429, "errortext": "slow down", "headers": {"Retry-After": "12"}}"#, .seconds(12)),
            (#"{"status": 503, "text": "<html>busy</html>", "headers": {"Retry-After": "3"}}"#, .seconds(3)),
        ]
        for (step, wait) in cases {
            try await rig.cloud.script("[\(step)]")
            #expect(await rig.failure()?.retryAfter == wait)
        }
        try await rig.cloud.script(#"[{"status": 429, "errortext": "slow down"}]"#)
        let failure = await rig.failure()
        #expect(failure?.retryAfter == nil)
        Self.expect(failure, says: "429", "slow down")
    }

    @Test func `a failure is told in CloudStack's words, but for those that quote a key`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.script(#"[{"status": 530, "errortext": "Internal error\nexecuting command"}]"#)
        Self.expect(await rig.failure(), says: "530", "listZones", "“Internal error executing command”")

        let body = #"{\"listzonesresponse\": {\"errorcode\": 431, \"errortext\": \"you sent $QUERY\"}}"#
        try await rig.cloud.script(#"[{"status": 431, "text": "\#(body)"}]"#)
        let failure = await rig.failure()
        Self.expect(failure, says: "431", "listZones")
        #expect(failure?.description.contains("you sent") == false)
    }

    /// Who takes what is not there for gone may not take what is not shown for it.
    @Test func `a refusal is no confirmation that a resource is gone`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(#"{"listHosts": [{"id": "h1", "name": "kvm1"}]}"#)
        func confirmed(_ type: String, _ id: String) async throws -> String? {
            try await rig.enricher.confirmedFacts(of: ResourceReference(type: type, id: id))?.name
        }
        #expect(try await confirmed("Host", "h1") == "kvm1")
        #expect(try await confirmed("Host", "gone") == nil)
        try await rig.cloud.setRefused(["listHosts", "listSystemVms"])
        await #expect(throws: EnricherError.self) { _ = try await confirmed("Host", "gone") }
        await #expect(throws: EnricherError.self) { _ = try await confirmed("VirtualMachine", "gone") }
        await #expect(throws: EnricherError.self) { _ = try await confirmed("UnheardOf", "gone") }
    }

    @Test func `what is no answer of CloudStack's is told as such`() async throws {
        let rig = try await CloudStackRig()
        try await rig.cloud.setResources(#"{"listZones": [{"id": "z1", "name": "z"}]}"#)
        try await rig.cloud.script(#"[{"truncate": 40}]"#)
        Self.expect(await rig.failure(), says: "breaks off", "endpoint")
        try await rig.cloud.script(#"[{"text": "<html>welcome</html>"}]"#)
        Self.expect(await rig.failure(), says: "not CloudStack's API", "/client/api")
        try await rig.cloud.script(#"[{"status": 302, "text": "", "headers": {"Location": "https://s33ded.example"}}]"#)
        Self.expect(await rig.failure(), says: "302", "redirect")
        try await rig.cloud.script(#"[{"status": 404, "text": "<html>no</html>"}]"#)
        Self.expect(await rig.failure(), says: "404", "/client/api")
        try await rig.cloud.script("[{}]")
        #expect(await rig.failure() == nil, "it answers again")
    }

    @Test func `silence, a closed port and a closed enricher are errors in time`() async throws {
        let rig = try await CloudStackRig(timeout: .milliseconds(300))
        try await rig.cloud.script(#"[{"hang": true}]"#)
        #expect(await rig.failure() != nil)
        await rig.enricher.close()
        Self.expect(await rig.failure(), says: "closed")

        let receiver = try FaultyReceiver([
            .takeRequest, .send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"list"),
        ])
        let api = CloudStackAPI(
            CloudStackAPI.Settings(
                endpoint: receiver.url,
                keys: CloudStackKeys(apiKey: CloudStackStandIn.apiKey, secretKey: CloudStackStandIn.secretKey)
            ),
            time: SystemTime()
        )
        let failure = await #expect(throws: CloudStackError.self) { _ = try await api.list(.accounts) }
        #expect(failure?.code == .unreachable)
        await api.close()
    }

    @Test(arguments: [
        ("endpoint", "cloud.example/client/api"), ("endpoint", "https://"),
        ("endpoint", "https://s33ded:s33ded@cloud.example/"),
        ("endpoint", "https://cloud.example/client/api?command=x"), ("api-key", "s33ded with a blank"),
        ("secret-key", "s33ded\n"), ("secret-key", ""), ("cloud", ""),
    ]) func `settings of no use are refused by field, without their text`(_ field: String, _ value: String) throws {
        var values: [String: ComponentSettings.Value] = [
            "cloud": .string("prod"), "endpoint": .string("https://cloud.example/client/api"),
            "api-key": .string("key"), "secret-key": .string("secret"),
        ]
        #expect(throws: Never.self) { try CloudStackConfiguration(ComponentSettings(values)) }
        values[field] = .string(value)
        let settings = ComponentSettings(values)
        let error = #expect(throws: ComponentError.self) { try CloudStackConfiguration(settings) }
        #expect(error?.field == field)
        #expect(error?.description.contains("s33ded") == false)
    }

    @Test func `an address without encryption gets a warning, this machine's does not`() throws {
        func warnings(_ endpoint: String) throws -> Int {
            try CloudStackEnricher.check(
                ComponentSettings([
                    "cloud": .string("prod"), "endpoint": .string(endpoint), "api-key": .string("key"),
                    "secret-key": .string("secret"),
                ]),
                context: ComponentContext(
                    name: "prod",
                    body: .enriched,
                    time: SystemTime(),
                    logger: LogCapture().logger
                )
            ).count
        }
        #expect(try warnings("http://cloud.example:8080/client/api") == 1)
        #expect(try warnings("http://127.0.0.1:8080/client/api") == 0)
        #expect(try warnings("https://cloud.example/client/api") == 0)
    }
}
