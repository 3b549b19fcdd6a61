import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline
import Testing

@Suite struct ResourceIndexerTests {
    private let indexer = ResourceIndexer()
    private let fresh = ResourceRecord(
        key: ResourceKey(rawValue: 1),
        cloud: "c",
        type: "VirtualMachine",
        id: "v",
        publisher: ""
    )

    private func event(
        _ position: Int64,
        at seconds: Int64 = 100,
        from publisher: String = "/clouds/c/m1",
        old: String? = nil,
        new: String? = nil
    ) -> Event {
        var fields = Event.Fields(
            id: "",
            source: publisher,
            type: "t",
            cloud: "c",
            topic: Topic(text: "t"),
            payload: Payload(json: [])
        )
        fields.resource = ResourceReference(type: "VirtualMachine", id: "v")
        fields.position = Position(rawValue: position)
        fields.time = Timestamp(seconds: seconds)
        fields.oldState = old
        fields.newState = new
        return Event(fields: fields)
    }

    private func facts(_ change: (inout ResourceFacts) -> Void) -> ResourceFacts {
        var facts = ResourceFacts()
        change(&facts)
        return facts
    }

    /// What an event tells that came by another way than its publisher's others.
    private func beside(_ change: (inout ResourceFacts) -> Void) -> ResourceFacts {
        facts {
            $0.isOutOfOrder = true
            change(&$0)
        }
    }

    private func apply(_ event: Event, _ facts: ResourceFacts?, to record: inout ResourceRecord) -> IndexEffect {
        indexer.apply(event, facts: facts, at: Timestamp(seconds: 200), to: &record)
    }

    private func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func `a confirmed state changes the state, and the change is told`() {
        var record = fresh
        let first = apply(event(1), facts { $0.state = "Stopped" }, to: &record)
        #expect(text(first.changes) == #"{"state":{"to":"Stopped"}}"#)
        let second = apply(event(2), facts { $0.state = "Running" }, to: &record)
        #expect(text(second.changes) == #"{"state":{"from":"Stopped","to":"Running"}}"#)
        let third = apply(event(3), facts { $0.state = "Running" }, to: &record)
        #expect(third.changes == nil)
        #expect(record.state == "Running")
        #expect(record.position == Position(rawValue: 2))
        #expect(record.latest == Position(rawValue: 3))
    }

    @Test func `an older event of another publisher is stale and changes nothing`() {
        var record = fresh
        _ = apply(event(1, at: 100), facts { $0.state = "Running" }, to: &record)
        let late = apply(event(2, at: 90, from: "/clouds/c/m2"), facts { $0.state = "Stopped" }, to: &record)
        #expect(late.isStale)
        #expect(record.state == "Running")
        #expect(record.latest == Position(rawValue: 2), "it is in the time line all the same")
        let skewed = apply(event(3, at: 96, from: "/clouds/c/m2"), facts { $0.state = "Stopping" }, to: &record)
        #expect(!skewed.isStale, "within the clock skew log order decides")
        let own = apply(event(4, at: 10, from: "/clouds/c/m2"), facts { $0.state = "Stopped" }, to: &record)
        #expect(!own.isStale, "from one publisher log order decides")
    }

    @Test func `what came by another way than its publisher's others is placed by its time`() {
        var record = fresh
        _ = apply(event(1, at: 100), facts { $0.isDeletion = true }, to: &record)
        let past = apply(event(2, at: 99), beside { $0.isCreation = true }, to: &record)
        #expect(past.isStale)
        #expect(record.deleted != nil)
        let news = apply(event(3, at: 103), beside { $0.isCreation = true }, to: &record)
        #expect(!news.isStale)
        #expect(record.deleted == nil)
        // The other way has not come so far yet.
        let behind = apply(event(4, at: 102), facts { $0.state = "B" }, to: &record)
        #expect(behind.isStale)
        let ahead = apply(event(5, at: 104), facts { $0.state = "C" }, to: &record)
        #expect(!ahead.isStale)
        let own = apply(event(6, at: 10), facts { $0.state = "D" }, to: &record)
        #expect(!own.isStale, "from then on log order decides again")
        #expect(record.state == "D")
    }

    @Test func `among those that came by the other way two clocks may differ`() {
        var record = fresh
        _ = apply(event(1, at: 100), beside { $0.state = "A" }, to: &record)
        _ = apply(event(2, at: 103, from: "/clouds/c/m2"), beside { $0.state = "B" }, to: &record)
        let first = apply(event(3, at: 101), beside { $0.state = "C" }, to: &record)
        let second = apply(event(4, at: 102), beside { $0.state = "D" }, to: &record)
        #expect(!first.isStale && !second.isStale)
        let old = apply(event(5, at: 90), beside { $0.state = "E" }, to: &record)
        #expect(old.isStale)
    }

    @Test func `by which way a document was shaped is kept with it`() throws {
        var record = fresh
        _ = apply(event(1), beside { $0.name = "n" }, to: &record)
        let again = try ResourceRecord(
            document: record.makeDocument()[...],
            key: record.key,
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            position: record.position,
            latest: record.latest
        )
        #expect(again.isOutOfOrder)
        #expect(again == record)
    }

    @Test func `a tombstone is revived by a creation or a recovery only`() {
        var record = fresh
        _ = apply(event(1), facts { $0.state = "Destroyed" }, to: &record)
        #expect(record.deleted == nil, "Destroyed is not deletion")
        _ = apply(event(2), facts { $0.isDeletion = true }, to: &record)
        #expect(record.deleted != nil)
        let late = apply(event(3), facts { $0.state = "Running" }, to: &record)
        #expect(late.changes == nil)
        #expect(record.state == "Destroyed")
        _ = apply(
            event(4),
            facts {
                $0.isRecovery = true; $0.state = "Stopped"
            },
            to: &record
        )
        #expect(record.deleted == nil)
        #expect(record.state == "Stopped")
    }

    @Test func `who merely acted is the owner only until the owner is known`() {
        var record = fresh
        _ = apply(event(1), facts { $0.ownerID = "admin" }, to: &record)
        #expect(record.tenantID == "admin")
        _ = apply(
            event(2),
            facts {
                $0.ownerID = "tenant"; $0.isOwnerConfirmed = true
            },
            to: &record
        )
        _ = apply(event(3), facts { $0.ownerID = "admin" }, to: &record)
        #expect(record.tenantID == "tenant")
    }

    @Test func `a transition that the machine does not know from the known state is flagged`() {
        var record = fresh
        _ = apply(event(1, old: "Starting", new: "Running"), facts { $0.state = "Running" }, to: &record)
        let repeated = apply(event(2, old: "Starting", new: "Running"), facts { $0.state = "Running" }, to: &record)
        #expect(!repeated.isImpossibleTransition)
        // Running → Starting is none: the events between were missed.
        let missed = apply(event(3, old: "Stopped", new: "Starting"), facts { $0.state = "Starting" }, to: &record)
        #expect(missed.isImpossibleTransition)
        let unknown = apply(event(4, old: "Starting", new: "Hovering"), facts { $0.state = "Hovering" }, to: &record)
        #expect(!unknown.isImpossibleTransition, "an unknown state is data")
    }

    @Test func `relations of which there are several are gathered, others replaced`() {
        var record = fresh
        _ = apply(
            event(1),
            facts {
                $0.relate("host", "h1"); $0.relate("network", "n1")
            },
            to: &record
        )
        _ = apply(
            event(2),
            facts {
                $0.relate("host", "h2"); $0.relate("network", "n2")
            },
            to: &record
        )
        #expect(record.relations == ["host": ["h2"], "network": ["n1", "n2"]])
    }

    @Test(arguments: [
        ("AffinityGroup", "virtualmachine", ["a", "b"]), ("Volume", "virtualmachine", ["b"]),
        ("Port", "virtualmachine", ["b"]), ("VirtualMachine", "sharedfs", ["a", "b"]),
    ])
    func `a group has many machines, a volume or a port one at a time`(type: String, kind: String, ids: [String]) {
        var record = ResourceRecord(key: fresh.key, cloud: "c", type: type, id: "v", publisher: "")
        _ = apply(event(1), facts { $0.relate(kind, "a") }, to: &record)
        _ = apply(event(2), facts { $0.relate(kind, "b") }, to: &record)
        #expect(record.relations == [kind: ids])
    }

    @Test func `details that could not be read back are not kept`() throws {
        var record = fresh
        let deep = #"{"x":"# + String(repeating: "[", count: 254) + String(repeating: "]", count: 254) + "}"
        let large = #"{"x":""# + String(repeating: "y", count: 70_000) + #""}"#
        for details in [deep, large] {
            _ = apply(
                event(1),
                facts {
                    $0.details = ArraySlice(details.utf8); $0.name = "n"
                },
                to: &record
            )
            #expect(record.details == nil)
            #expect(record.name == "n")
        }
        _ = try ResourceRecord(
            document: record.makeDocument()[...],
            key: record.key,
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            position: record.position,
            latest: record.latest
        )
    }

    @Test func `a time in the future does not make all that follows stale`() {
        var record = fresh
        _ = apply(event(1, at: 5_000_000), facts { $0.state = "Running" }, to: &record)
        let next = apply(event(2, at: 203, from: "/clouds/c/m2"), facts { $0.state = "Stopped" }, to: &record)
        #expect(!next.isStale)
    }

    @Test func `details are merged member by member, and the document reads back`() throws {
        var record = fresh
        _ = apply(event(1), facts { $0.details = ArraySlice(#"{"name":"a","cpu":1}"#.utf8) }, to: &record)
        _ = apply(
            event(2),
            facts {
                $0.details = ArraySlice(#"{"cpu":2,"x":[1]}"#.utf8); $0.name = "é\""
            },
            to: &record
        )
        let details = try JSONDocument(parsing: try #require(record.details)).root
        #expect(details["name"]?.string == "a")
        #expect(details["cpu"]?.integer == 2)
        let again = try ResourceRecord(
            document: record.makeDocument()[...],
            key: record.key,
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            position: record.position,
            latest: record.latest
        )
        #expect(again == record)
    }

    @Test func `a relation that is over goes, and so does one that a whole list does not name`() {
        var record = fresh
        _ = apply(
            event(1),
            facts { facts in
                for id in ["a", "b", "c"] { facts.relate("volume", id) }
                facts.relate("host", "h")
            },
            to: &record
        )
        let ended = apply(
            event(2),
            facts { $0.endedRelations = [ResourceFacts.Relation(kind: "volume", id: "b")] },
            to: &record
        )
        #expect(record.relations["volume"] == ["a", "c"])
        #expect(ended.changes != nil)
        _ = apply(
            event(3),
            facts { facts in
                facts.completeKinds = ["volume"]
                facts.relate("volume", "c")
            },
            to: &record
        )
        #expect(record.relations["volume"] == ["c"])
        let repeated = apply(
            event(4),
            facts { facts in
                facts.completeKinds = ["volume"]
                facts.relate("volume", "c")
            },
            to: &record
        )
        #expect(repeated.changes == nil)
        _ = apply(event(5), facts { $0.completeKinds = ["host"] }, to: &record)
        #expect(record.relations == ["volume": ["c"]])
    }
}
