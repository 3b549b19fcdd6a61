import Foundation
import MartletTesting
import Testing

@testable import MartletGateway

/// What a reload has to do, by two texts.
@Suite struct ReloadPlanTests {
    private static let base = """
        sources:
          events: { http: {}, format: cloudevents }
          file: { file: { path: /tmp/a.jsonl }, format: cloudevents }
        forwarders:
          hook: { webhook: { url: "http://localhost/a", secret: "${SECRET}" }, retry: { attempts: 5 } }
          log: { log: {} }
        """

    /// Standard Webhooks wants 24 bytes at least, in base64.
    private static let secrets = (old: String(repeating: "a", count: 40), new: String(repeating: "b", count: 40))

    private static func input(_ text: String, secret: String = secrets.old) throws -> ReloadInput {
        ReloadInput(reading: try Configuration(text: text, file: "x", environment: ["SECRET": secret]))
    }

    private static func plan(_ edit: (String) -> String, secret: String = secrets.old) throws -> ReloadPlan {
        ReloadPlan(from: try input(base), to: try input(edit(base), secret: secret))
    }

    @Test func `the same text changes nothing`() throws {
        let plan = try Self.plan { "# a comment\n" + $0 }
        #expect(plan.isEmpty)
        #expect(plan.restart.isEmpty && plan.notes.isEmpty)
    }

    @Test func `parts are known by their names, whatever their order`() throws {
        let plan = try Self.plan { text in
            text.replacing("  log: { log: {} }", with: "  other: { log: {} }").replacing("  file:", with: "  files:")
        }
        #expect(plan.forwarders == .init(added: ["other"], removed: ["log"]))
        #expect(plan.sources == .init(added: ["files"], removed: ["file"]))
    }

    @Test(arguments: [
        ("attempts: 5", "attempts: 6", true), ("http://localhost/a", "http://localhost/b", false),
        ("retry: { attempts: 5 }", #"match: ["a.#"]"#, true),
        ("retry: { attempts: 5 }", "protect: { drop: [a] }", true),
        ("retry: { attempts: 5 }", "sync: true", true), ("retry: { attempts: 5 }", "body: event", false),
        ("retry: { attempts: 5 }", "order: none", true),
    ])
    func `what is changed about a forwarder decides whether its sink stays`(
        _ old: String,
        _ new: String,
        _ keeps: Bool
    ) throws {
        let plan = try Self.plan { $0.replacing(old, with: new) }
        #expect(plan.forwarders == .init(changed: ["hook"]))
        #expect(plan.keptSinks == (keeps ? ["hook"] : []))
        #expect(plan.sources.isEmpty)
    }

    @Test func `a secret that is another is a change, though the text is the same`() throws {
        let plan = try Self.plan({ $0 }, secret: Self.secrets.new)
        #expect(plan.forwarders == .init(changed: ["hook"]))
        #expect(plan.keptSinks.isEmpty)
    }

    @Test func `a file that a component reads is a change when its content is another`() throws {
        let file = try ScratchDirectory.make().appending(path: "kafka.properties")
        let text = """
            forwarders:
              k: { kafka: { topic: t, properties-file: "\(file.path)" } }
            """
        try "bootstrap.servers=k1:9092\n".write(to: file, atomically: true, encoding: .utf8)
        let (first, same) = (try Self.input(text), try Self.input(text))
        try "bootstrap.servers=k2:9092\n".write(to: file, atomically: true, encoding: .utf8)
        #expect(ReloadPlan(from: first, to: same).isEmpty)
        let plan = ReloadPlan(from: first, to: try Self.input(text))
        #expect(plan.forwarders == .init(changed: ["k"]))
        #expect(plan.keptSinks.isEmpty, "The old sink has read the old file.")
    }

    @Test func `where a forwarder starts is no change of one that there is, and it says so`() throws {
        let plan = try Self.plan { $0.replacing("log: { log: {} }", with: "log: { log: {}, start: earliest }") }
        #expect(plan.isEmpty)
        #expect(plan.notes.count == 1)
        #expect(plan.notes.first?.hasPrefix("forwarders.log.start: ") == true)
    }

    @Test func `what needs a restart is named, at every reload until then`() throws {
        let text = "listen: 127.0.0.1:9000\nstore: { path: /tmp/other, synchronous: false }\nclock-skew: 1s\n"
        let running = try Self.input(Self.base)
        var next = try Self.input(text + Self.base)
        let plan = ReloadPlan(from: running, to: next)
        #expect(plan.restart == ["listen", "store.path", "store.synchronous", "clock-skew"])
        #expect(plan.isEmpty)
        next.configuration.keepGeneralKeys(of: running.configuration)
        #expect(ReloadPlan(from: next, to: try Self.input(text + Self.base)).restart == plan.restart)
    }
}
