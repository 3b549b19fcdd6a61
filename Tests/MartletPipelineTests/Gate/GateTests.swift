import Martlet
import MartletJSON
import MartletPipeline
import Testing

/// Promise 9: one gate.
@Suite struct GateTests {
    private let body =
        #"{"a":1,"nic":[{"ip":"10.0.0.1","mac":"m"}],"password":"p","nested":"{\"password\":\"q\",\"k\":2}"}"#

    private func stored(_ json: String) -> StoredEvent {
        var fields = Event.Fields(
            id: "1",
            source: "/s",
            type: "t",
            cloud: "c",
            topic: Topic(text: "t"),
            payload: Payload(json: ArraySlice(json.utf8))
        )
        fields.tenantID = "tenant"
        fields.position = Position(rawValue: 7)
        return StoredEvent(
            event: Event(fields: fields),
            resourceKey: nil,
            changes: ArraySlice(#"{"password":{"to":"z"},"state":{"to":"Up"}}"#.utf8)
        )
    }

    private func protection(_ drop: [String], mask: [String] = [], audience: Audience = .admin) throws -> Protection {
        Protection(
            audience: audience,
            drop: try drop.map { try FieldPattern($0) },
            mask: try mask.map { try FieldPattern($0) }
        )
    }

    private func data(_ protection: Protection, _ form: BodyForm = .event) throws -> String {
        let outgoing = Gate(protection).render(stored(body), resource: nil, as: form)
        let data = try JSONDocument(parsing: outgoing.body).root["data"]
        return data.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }

    @Test(arguments: [
        (["password"], [], #"{"a":1,"nic":[{"ip":"10.0.0.1","mac":"m"}],"nested":"{\"password\":\"q\",\"k\":2}"}"#),
        (["(?i)PASSWORD"], [], #"{"a":1,"nic":[{"ip":"10.0.0.1","mac":"m"}],"nested":"{\"k\":2}"}"#),
        (["nic.ip"], [], #"{"a":1,"nic":[{"mac":"m"}],"password":"p","nested":"{\"password\":\"q\",\"k\":2}"}"#),
        (["nic.*", "nested"], ["a"], #"{"a":"***","nic":[{}],"password":"p"}"#),
        ([], ["nic"], #"{"a":1,"nic":"***","password":"p","nested":"{\"password\":\"q\",\"k\":2}"}"#),
    ])
    func `fields are dropped by path and by expression, and masked; the rest stays byte for byte`(
        drop: [String],
        mask: [String],
        expected: String
    ) throws {
        #expect(try data(try protection(drop, mask: mask)) == expected)
    }

    @Test func `nothing is touched where nothing is hidden`() throws {
        #expect(try data(.none) == body)
        let original = Gate(.none).render(stored(body), resource: nil, as: .original)
        #expect(original.body.elementsEqual(body.utf8))
    }

    @Test func `the document, the changes and the attributes pass the same gate`() throws {
        var record = ResourceRecord(
            key: ResourceKey(rawValue: 1),
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            publisher: "p"
        )
        record.details = ArraySlice(#"{"hostid":"h","name":"n"}"#.utf8)
        let gate = Gate(try protection(["(?i)password", "tenantid"], audience: .user))
        let outgoing = gate.render(stored(body), resource: record, as: .enriched)
        let event = try JSONDocument(parsing: outgoing.body).root
        #expect(event["tenantid"] == nil)
        #expect(event["data"]?["changes"]?["state"] != nil)
        let text = String(decoding: outgoing.body, as: UTF8.self)
        #expect(!text.contains("password"))
        #expect(!text.contains("hostid"))
        #expect(event["data"]?["resource"]?["document"]?["details"]?["name"]?.string == "n")
    }

    @Test(arguments: [
        #"{"vm":{"hostid":"LEAK"}}"#, #"{"vm":" {\"hostid\":\"LEAK\"}"}"#, #"{"vm":"\n{\"hostid\":\"LEAK\"}"}"#,
    ])
    func `no key that a producer chooses opens the gate`(json: String) throws {
        let gate = Gate(try protection([], audience: .user))
        // A key with a full stop has the path of another field.
        _ = gate.render(stored(#"{"vm.hostid":"x","vm":"y"}"#), resource: nil, as: .event)
        let outgoing = gate.render(stored(json), resource: nil, as: .event)
        #expect(!String(decoding: outgoing.body, as: UTF8.self).contains("LEAK"))
    }

    @Test(arguments: ["host", "hostid", "pod", "cluster"])
    func `what changed of an administrators' relation is not told to a user`(kind: String) throws {
        var event = stored(body)
        event.changes = ArraySlice(#"{"relations.\#(kind)":{"from":"LEAK-1","to":"LEAK-2"},"name":{"to":"n"}}"#.utf8)
        let outgoing = Gate(try protection([], audience: .user)).render(event, resource: nil, as: .enriched)
        let changes = try JSONDocument(parsing: outgoing.body).root["data"]?["changes"]
        #expect(changes?["name"] != nil)
        #expect(!String(decoding: outgoing.body, as: UTF8.self).contains("LEAK"))
    }

    @Test func `what is no JSON does not leave protected`() throws {
        var event = stored(body)
        event.event = event.event.with {
            $0.payload = Payload(original: ArraySlice("password=p".utf8), content: .binary)
        }
        let outgoing = Gate(try protection(["password"])).render(event, resource: nil, as: .event)
        #expect(!String(decoding: outgoing.body, as: UTF8.self).contains("password"))
    }

    /// A producer chooses its keys: paths of megabytes would take their time in every comparison, and stay in memory.
    @Test func `a field that nobody could name is not shown to anybody but an administrator`() throws {
        let key = String(repeating: "k", count: 2_000)
        let body = #"{"a":1,"\#(key)":"hidden","b":{"\#(key)":2}}"#
        let shown = Gate(try protection(["nothing"])).render(stored(body), resource: nil, as: .original)
        #expect(String(decoding: shown.body, as: UTF8.self) == #"{"a":1,"b":{}}"#)
        let whole = Gate().render(stored(body), resource: nil, as: .original)
        #expect(String(decoding: whole.body, as: UTF8.self) == body)
    }

    @Test func `what is nested too deep to be looked into is not shown`() throws {
        func nested(_ levels: Int) -> String {
            (0..<levels).reduce(#"{"deep":"LEAK"}"#) { inner, _ in
                var writer = JSONWriter(reservingCapacity: 64)
                writer.beginObject()
                writer.member("n", inner)
                writer.endObject()
                return String(decoding: writer.bytes, as: UTF8.self)
            }
        }
        let gate = Gate(try protection(["nothing"]))
        func isShown(_ levels: Int) -> Bool {
            let outgoing = gate.render(stored(nested(levels)), resource: nil, as: .original)
            return String(decoding: outgoing.body, as: UTF8.self).contains("LEAK")
        }
        #expect(isShown(4))
        #expect(!isShown(5))
    }

    @Test(arguments: [
        #"{"OS-EXT-SRV-ATTR:host":"LEAK"}"#, #"{"os-ext-srv-attr:user_data":"LEAK"}"#,
        #"{"os-vol-host-attr:host":"LEAK"}"#, #"{"os-vol-mig-status-attr:migstat":"LEAK"}"#,
        #"{"provider:segmentation_id":"LEAK"}"#, #"{"binding:host_id":"LEAK"}"#, #"{"binding:profile":{"a":"LEAK"}}"#,
        #"{"nova_object.data":{"host":"LEAK","node":"LEAK"}}"#, #"{"source_compute":"LEAK"}"#,
    ])
    func `what the services show to administrators only is shown to nobody else`(json: String) throws {
        let user = Gate(try protection([], audience: .user)).render(stored(json), resource: nil, as: .event)
        #expect(!String(decoding: user.body, as: UTF8.self).contains("LEAK"))
        let administrator = Gate().render(stored(json), resource: nil, as: .event)
        #expect(String(decoding: administrator.body, as: UTF8.self).contains("LEAK"))
    }

    @Test func `a name is shown where the id is that it stands for, and nowhere else`() throws {
        var record = ResourceRecord(
            key: ResourceKey(rawValue: 1),
            cloud: "c",
            type: "VirtualMachine",
            id: "v",
            publisher: "p"
        )
        record.relations = ["host": ["h-1"], "zone": ["z-1"], "network": ["n-1"]]
        let context = ResourceContext(
            enrichment: .complete,
            names: [
                "host": ["h-1": "LEAK"], "zone": ["z-1": "the zone"], "network": ["n-1": "LEAK"],
                "tenantid": ["t": "LEAK"],
            ]
        )
        let gate = Gate(try protection(["relations.network", "tenantid"], audience: .user))
        let outgoing = gate.render(stored(body), resource: record, context: context, as: .enriched)
        let resource = try JSONDocument(parsing: outgoing.body).root["data"]?["resource"]
        #expect(resource?["enrichment"]?.string == "complete")
        #expect(resource?["names"]?["zone"]?["z-1"]?.string == "the zone")
        #expect(!String(decoding: outgoing.body, as: UTF8.self).contains("LEAK"))
    }
}
