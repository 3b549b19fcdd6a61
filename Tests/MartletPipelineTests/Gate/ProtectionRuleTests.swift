import Martlet
import MartletPipeline
import Testing

/// Promise 9: what is hidden under a condition.
@Suite struct ProtectionRuleTests {
    private let machine = ResourceReference(type: "VirtualMachine", id: "r-1")

    private func gate(
        when: [EventFilter.Match] = [],
        unless: [EventFilter.Match] = [],
        drop: [String] = ["secret", "details.secret"],
        mask: [String] = []
    ) throws -> Gate {
        let rule = ProtectionRule(
            when: when,
            unless: unless,
            drop: try drop.map { try FieldPattern($0) },
            mask: try mask.map { try FieldPattern($0) }
        )
        return Gate(Protection(audience: .admin, drop: [], mask: [], rules: [rule]))
    }

    private func match(_ attributes: [String: String], topic: String = "#") throws -> EventFilter.Match {
        EventFilter.Match(pattern: try TopicPattern(topic), attributes: attributes)
    }

    @Test func `a rule holds for the events that meet its condition, and for no others`() throws {
        let gate = try gate(when: [match(["category": "alert"]), match([:], topic: "nova.#.Volume.*")])
        func isShown(_ resource: ResourceReference?, _ category: Martlet.Category) -> Bool {
            gate.text(GateSample.event(#"{"secret":"LEAK"}"#, resource: resource) { $0.category = category }).contains(
                "LEAK"
            )
        }
        #expect(!isShown(machine, .alert))
        #expect(isShown(machine, .action))
        #expect(!isShown(ResourceReference(type: "Volume", id: "v"), .action))
        #expect(isShown(nil, .usage))
    }

    @Test func `an exception holds for what meets it for certain`() throws {
        let gate = try gate(unless: [match(["tenantid": "ours"])])
        func isShown(event: String?, record: String?) -> Bool {
            var known = GateSample.record("VirtualMachine", details: "{}")
            known.tenantID = record
            let stored = GateSample.event(#"{"secret":"LEAK"}"#, resource: machine) { $0.tenantID = event }
            return gate.text(stored, known).contains("LEAK")
        }
        #expect(isShown(event: "ours", record: "ours"))
        #expect(isShown(event: nil, record: "ours"), "The owner is read through the resource.")
        #expect(!isShown(event: nil, record: nil))
        #expect(!isShown(event: "ours", record: "theirs"))
        #expect(!isShown(event: "theirs", record: "ours"))
    }

    @Test func `what cannot be told of a condition counts as met`() throws {
        let record = GateSample.record("VirtualMachine", details: #"{"secret":"LEAK"}"#)
        #expect(try !gate(when: [match(["tenantid": "x"])]).text(record).contains("LEAK"), "Nobody knows the owner.")
        #expect(try !gate(when: [match(["phase": "started"])]).text(record).contains("LEAK"))
        #expect(try !gate(when: [match(["resourcetype": "VirtualMachine"])]).text(record).contains("LEAK"))
        #expect(try gate(when: [match(["resourcetype": "Volume"])]).text(record).contains("LEAK"))
        #expect(try gate(when: [match(["cloud": "prod"])]).text(record).contains("LEAK"))
        #expect(try !gate(unless: [match(["phase": "started"])]).text(record).contains("LEAK"))
        #expect(try gate(unless: [match(["cloud": "osp"])]).text(record).contains("LEAK"))
        let stored = GateSample.event(#"{"secret":"LEAK"}"#, resource: machine) { $0.phase = .completed }
        #expect(
            try gate(when: [match(["phase": "started"])]).text(stored).contains("LEAK"),
            "An event has what it has."
        )
    }

    @Test func `rules that hold together add to what is hidden anyway`() throws {
        let protection = Protection(
            audience: .admin,
            drop: [try FieldPattern("a")],
            mask: [],
            rules: [
                ProtectionRule(when: [try match(["cloud": "osp"])], drop: [try FieldPattern("b")]),
                ProtectionRule(when: [try match(["cloud": "osp"])], drop: [], mask: [try FieldPattern("c")]),
                ProtectionRule(when: [try match(["cloud": "prod"])], drop: [try FieldPattern("d")]),
            ]
        )
        let json = #"{"a":1,"b":2,"c":3,"d":4}"#
        #expect(Gate(protection).text(GateSample.event(json), as: .original) == #"{"c":"***","d":4}"#)
        #expect(Gate(protection).text(GateSample.event(json, cloud: "prod"), as: .original) == #"{"b":2,"c":3}"#)
        #expect(Gate(protection).text(GateSample.event(json), as: .original) == #"{"c":"***","d":4}"#)
        #expect(["a", "b", "c", "d"].allSatisfy { protection.mayHide($0) })
        #expect(!protection.mayHide("e"))
    }

    @Test(arguments: [
        ("tenantid", false), ("newstate", false), ("outcome", true), ("severity", false), ("type", true),
        ("resourceid", true),
        ("position", true), ("hostname", false), ("anything", true), ("source", false),
    ])
    func `nobody may ask for what may be hidden`(attribute: String, isAllowed: Bool) throws {
        let protection = Protection(
            audience: .user,
            drop: [try FieldPattern("newstate"), try FieldPattern("type"), try FieldPattern("resourceid")],
            mask: [try FieldPattern("severity")],
            rules: [ProtectionRule(when: [try match(["cloud": "x"])], drop: [try FieldPattern("tenantid")])]
        )
        #expect(protection.allowsQuery(by: attribute) == isAllowed)
        #expect(Protection.none.allowsQuery(by: attribute))
    }
}
