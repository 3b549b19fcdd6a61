import Foundation
import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import Testing

/// Promise 9: what only an administrator of the cloud may see.
@Suite struct AdministratorOnlyTests {
    private func gate(_ globs: [String] = [], audience: Audience = .user) -> Gate {
        Gate(Protection(audience: audience, drop: [], mask: [], adminOnly: globs.map { FieldGlob($0) }))
    }

    @Test(arguments: [
        ("OS-EXT-*", "OS-EXT-STS:vm_state", true), ("os-ext-*", "OS-EXT-STS:vm_state", true),
        ("custom:*", "custom:owner", true), ("custom:*", "customowner", false), ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("[ab]1", "b1", true), ("[!ab]1", "b1", false), ("*secret*", "mysecretkey", true), ("a.b", "axb", false),
        (#"a\*"#, "axb", false), ("*", ".hidden", true),
    ])
    func `a glob hides the keys that it matches, for users only`(glob: String, key: String, isHidden: Bool) {
        let stored = GateSample.event(#"{"x":{"\#(key)":"LEAK"}}"#)
        #expect(gate([glob]).text(stored).contains("LEAK") == !isHidden)
        #expect(gate([glob], audience: .admin).text(stored).contains("LEAK"))
    }

    @Test func `a zero byte does not end what a glob is compared with`() {
        let stored = GateSample.event(#"{"a\u0000secret":"LEAK"}"#)
        #expect(!gate(["*secret"]).text(stored).contains("LEAK"))
    }

    @Test func `the host in the publisher's name is hidden, in the event, in its source and in the index`() throws {
        let machine = ResourceReference(type: "VirtualMachine", id: "r-1")
        let stored = GateSample.event(
            #"{"publisher_id":"nova-compute:host1","payload":{"nodename":"host1","hosts":["host1"],"traceback":"host1"}}"#,
            type: "org.openstack.compute.instance.update",
            resource: machine
        )
        let record = GateSample.record("VirtualMachine", details: #"{"name":"n"}"#)
        for form in [BodyForm.event, .enriched] {
            let text = gate().text(stored, record, as: form)
            #expect(!text.contains("host1"), "\(text)")
            #expect(text.contains(#""source":"/clouds/osp/nova""#))
        }
        #expect(!gate().text(record).contains("host1"))
        #expect(Gate().text(stored, record).contains("nova-compute:host1"))
    }

    @Test func `a relation that is hidden is hidden among the changes too`() {
        let changes = #"{"relations.host":{"from":"LEAK","to":"LEAK"},"relations.zone":{"to":"z"}}"#
        let text = gate().text(GateSample.event("{}", changes: changes))
        #expect(!text.contains("LEAK"))
        #expect(text.contains("relations.zone"))
    }

    /// What cannot be looked into is not shown.
    @Test(arguments: [
        #"{'host': 'LEAK'}"#, #"{"host":"LEAK","cut":"of"#, #"[{'host': 'LEAK'}]"#, #" [ "LEAK", "#,
        "\u{FEFF}{\"host\":\"LEAK\"}",
        "[(u'host', u'LEAK')]",
    ])
    func `a text that looks like fields and is no JSON is not shown`(text: String) throws {
        var writer = JSONWriter(reservingCapacity: 64)
        writer.beginObject()
        writer.member("t", text)
        writer.endObject()
        let stored = GateSample.event(String(decoding: writer.bytes, as: UTF8.self))
        #expect(!gate().text(stored).contains("LEAK"))
        #expect(Gate().text(stored).contains("LEAK"))
    }

    @Test(arguments: ["[admin] has logged in", "plain {0} text", "[]"])
    func `a text that is one is shown`(text: String) {
        #expect(gate().text(GateSample.event(#"{"t":"\#(text)"}"#)).contains(text))
    }

    /// The published examples name their hosts in every field that Nova has for it.
    @Test(.enabled(if: AdministratorOnlyTests.hasSamples, "../shared/samples/nova is absent"))
    func `no example of Nova's tells a user its host`() throws {
        let folder = URL(filePath: AdministratorOnlyTests.samples)
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".json") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                // What else is called so is given another name, to find the hosts by theirs.
                .replacing("nova-compute\"", with: "binary\"").replacing(
                    "\"topic\": \"compute\"",
                    with: "\"topic\": \"t\""
                )
            let marked = text.replacing(#/"(compute|fake-mini|host[12])"/#) { _ in "\"LEAK\"" }
                .replacing(#/:(compute|fake-mini|host[12])"/#) { _ in ":LEAK\"" }
            guard marked.contains("LEAK") else { continue }
            let message = Message(bytes: ArraySlice(marked.utf8), json: nil)
            let event = try OsloFormat().decode(message, from: Origin(sourceName: "osp"))
            // An event about a host names it by its id, and is none for users at all.
            if event.resource?.type == "Host" { continue }
            let stored = StoredEvent(event: event, resourceKey: nil, changes: nil)
            count += 1
            #expect(!gate().text(stored).contains("LEAK"), "\(name)")
            #expect(Gate().text(stored).contains("LEAK"), "\(name)")
        }
        #expect(count > 30)
    }

    private static let samples =
        (ProcessInfo.processInfo.environment["MARTLET_SAMPLES"] ?? "../shared/samples") + "/nova"
    private static let hasSamples = FileManager.default.fileExists(atPath: samples)
}
