import Foundation
import Logging
import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletGateway

/// What a replay is asked for with: read like a configuration, shown without its secrets.
@Suite struct ReplayDefinitionTests {
    private let destinations: ReplayDestinations

    init() throws {
        let configuration = try Configuration(
            text: """
                forwarders:
                  billing:
                    match: ["*.UsageEvent.#"]
                    webhook: { url: "http://127.0.0.1:1/x", secret: whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD }
                    protect: { audience: user }
                    order: strict
                    body: event
                  archive: { file: { path: /nonexistent/a.jsonl } }
                """,
            file: "test",
            environment: [:]
        )
        destinations = ReplayDestinations(
            environment: ["HOOK": "http://127.0.0.1:1/y"],
            time: ManualTime(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { name in
            configuration.forwarders.first { $0.name == name }.map {
                ReplayDestinations.Live(configuration: $0, sink: name == "archive" ? ExclusiveStandIn() : nil)
            }
        }
    }

    /// A sink that has its destination for itself.
    private struct ExclusiveStandIn: ExclusiveSink {
        let delivery = SinkDelivery(mode: .atomic, maximumEvents: 7)
        func send(_ batch: OutgoingBatch) async -> BatchOutcome { .whole(.delivered) }
        func close() async { Issue.record("What is lent is closed by its owner.") }
    }

    private func error(_ json: String) -> ReplayError? {
        do throws(ReplayError) {
            _ = try destinations.outline(of: Array(json.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `to a forwarder's destination it goes as that forwarder is configured`() async throws {
        let json = ##"{"forwarder":"billing","from":"1","match":[{"topic":"#","outcome":"success"}]}"##
        let outline = try destinations.outline(of: Array(json.utf8))
        #expect(outline.forwarder == "billing" && outline.sink == "webhook")
        #expect(outline.filters.map(\.matches.count) == [1, 1], "The forwarder's own filter holds too.")
        let destination = try destinations.destination(for: Array(json.utf8), name: "billing.replay-1")
        #expect(destination.body == .event && destination.order == .strict)
        #expect(destination.gate.protection.audience == .user)
        await destination.sink.close()
    }

    /// YAML has no escapes of two halves, as JSON's writers use them.
    @Test func `every JSON is understood, with whatever escapes`() throws {
        let json =
            ##"{"note": "\ud83d\ude42 \u00e9", "forwarder": "\u0062illing", "match": ["a.\u0023"], "from": "1"}"##
        #expect(try destinations.outline(of: Array(json.utf8)).forwarder == "billing")
    }

    @Test func `a destination that there can be only one of is lent`() async throws {
        let destination = try destinations.destination(for: Array(#"{"forwarder":"archive"}"#.utf8), name: "x")
        #expect(destination.sink.delivery.maximumEvents == 7)
        await destination.sink.close()
    }

    @Test(arguments: [
        #"{"sink":{"webhook":{"url":"${HOOK}"}},"body":"original","retry":{"attempts":2},"from":"1"}"#,
        #"{"sink":"webhook: { url: '${HOOK}' }","body":"original","retry":{"attempts":2},"from":"1"}"#,
    ])
    func `a sink of its own is given as a mapping or in YAML`(_ json: String) async throws {
        let outline = try destinations.outline(of: Array(json.utf8))
        #expect(outline.forwarder == nil && outline.sink == "webhook")
        let destination = try destinations.destination(for: Array(json.utf8), name: "replay-1")
        #expect(destination.body == .original && destination.retry.attempts == 2)
        await destination.sink.close()
    }

    @Test(arguments: [
        (#"{"forwarder":"nobody"}"#, "There is no forwarder “nobody” in the configuration."),
        (#"{"from":"1"}"#, "forwarder: say where to"),
        (#"{"forwarder":"billing","sink":{"log":{}}}"#, "not both"),
        (#"{"forwarder":"billing","protect":{"audience":"admin"}}"#, "protect: is the forwarder's own"),
        (#"{"sink":{"log":{}},"body":"original","protect":{"audience":"user"}}"#, "cannot be protected"),
        (#"{"sink":{"webhok":{}}}"#, "webhook"),
        (#"{"sink":{"webhook":{}}}"#, "“url” is missing"),
        (#"{"sink":{"webhook":{"url":"${NOBODY}"}}}"#, "NOBODY is not set"),
        (#"{"sink":"just words"}"#, "is no sink in YAML"),
        (#"{"sink":7}"#, "is no sink in YAML"),
        (#"{"forwarder":"billing","match":["a.b*"]}"#, "match"),
        (#"{"forwarder":"billing","form":"1"}"#, "from"),
    ])
    func `what is wrong is said with its place`(_ json: String, _ text: String) {
        #expect(error(json)?.description.contains(text) == true, "\(String(describing: error(json)))")
    }

    @Test func `secrets are not shown, and what else was asked for is`() throws {
        let json = """
            {"sink":{"webhook":{"url":"https://user:LEAK1@host/LEAK2LEAK2LEAK2LEAK2","secret":"LEAK3",
            "headers":{"Authorization":"LEAK4"}}},"match":["a.*"],"from":"1","note":"n","retry":{"attempts":3}}
            """
        for definition in [json, #"{"sink":"webhook: { url: 'https://h', secret: LEAK5, unknown: LEAK6 }"}"#] {
            let shown = String(decoding: destinations.redacted(Array(definition.utf8)), as: UTF8.self)
            #expect(!shown.contains("LEAK"), "\(shown)")
            #expect(shown.contains("webhook") && !shown.contains(#""from""#))
            _ = try JSONSerialization.jsonObject(with: Data(shown.utf8))
        }
        let shown = String(decoding: destinations.redacted(Array(json.utf8)), as: UTF8.self)
        #expect(shown.contains(#""match":["a.*"]"#) && shown.contains(#""attempts":"3""#))
        #expect(destinations.redacted(Array("{".utf8)) == Array("{}".utf8))
    }
}
