import Martlet
import MartletPipeline
import Testing

/// Promise 9: the properties of OpenStack's images, by Glance's own rules.
@Suite struct PropertyProtectionTests {
    private static let file = """
        # Licences are for those who sell them.
        [^x_licence_.*]
        create = admin
        read = admin, Billing
        update = admin
        delete = admin

        [^x_open$]
        read: @
        create: !
        update: !
        delete: !

        [^x_closed$]
        create = admin
        read = !
        update = admin
        delete = admin

        [^x_.*[ab]$]
        create = admin
        read = member,
            reader
        update = admin
        delete = admin
        """

    private func gate(_ roles: [String], _ text: String = file, foreign: Set<String> = []) throws -> Gate {
        let file = try PropertyProtectionFile(text)
        let properties = PropertyProtection(rules: file.rules, roles: roles)
        return Gate(Protection(audience: .admin, drop: [], mask: [], properties: properties, foreignClouds: foreign))
    }

    /// A property `name` of value `LEAK`, in each place where one stands.
    private func places(_ name: String) -> [(place: String, StoredEvent, ResourceRecord?)] {
        let image = ResourceReference(type: "Template", id: "r-1")
        let machine = ResourceReference(type: "VirtualMachine", id: "r-1")
        let volume = ResourceReference(type: "Volume", id: "r-1")
        func type(_ name: String) -> String { "org.openstack.\(name)" }
        func of(_ type: String, _ details: String) -> ResourceRecord { GateSample.record(type, details: details) }
        let property = #""\#(name)":"LEAK""#
        let notification = #"{"payload":{"id":"r-1","name":"n","properties":{\#(property)}}}"#
        return [
            ("its notification", GateSample.event(notification, type: type("image.update"), resource: image), nil),
            (
                "the document of the API", GateSample.event("{}", type: type("image.update"), resource: image),
                of("Template", #"{"id":"r-1","status":"active",\#(property)}"#)
            ),
            (
                "the document of its notifications",
                GateSample.event("{}", type: type("image.update"), resource: image),
                of("Template", #"{"id":"r-1","properties":{\#(property)}}"#)
            ),
            (
                "JSON within a string",
                GateSample.event(
                    #"{"payload":"{\"properties\":{\"\#(name)\":\"LEAK\"}}"}"#,
                    type: type("image.update"),
                    resource: image
                ), nil
            ),
            (
                "an instance",
                GateSample.event(
                    #"{"payload":{"image_meta":{"base_image_ref":"i",\#(property)}}}"#,
                    type: type("compute.instance.exists"),
                    resource: machine
                ), of("VirtualMachine", #"{"image":{"id":"i","properties":{\#(property)}}}"#)
            ),
            (
                "a volume",
                GateSample.event(
                    #"{"payload":{"glance_metadata":[{"key":"\#(name)","value":"LEAK"}]}}"#,
                    type: type("volume.create.end"),
                    resource: volume
                ), of("Volume", #"{"volume_image_metadata":{"image_id":"i",\#(property)}}"#)
            ),
        ]
    }

    @Test(arguments: [
        ("x_licence_key", ["admin"], true), ("x_licence_key", ["BILLING"], true), ("x_licence_key", ["member"], false),
        ("x_open", [], true), ("x_closed", ["admin"], false), ("x_1a", ["reader"], true), ("x_1c", ["reader"], false),
        ("x_licence_a", ["reader"], false), ("unmatched", ["admin"], false), ("my_x_licence_key", ["admin"], false),
    ])
    func `the first rule that is found decides, and where none is nobody may read, wherever a property stands`(
        name: String,
        roles: [String],
        isShown: Bool
    ) throws {
        let gate = try gate(roles)
        for (place, stored, record) in places(name) {
            #expect(gate.text(stored, record).contains("LEAK") == isShown, "\(place)")
            if let record, record.type == "Template" {
                #expect(gate.text(record).contains("LEAK") == isShown, "\(place), by itself")
            }
            #expect(Gate().text(stored, record).contains("LEAK"), "\(place): the control")
        }
    }

    @Test func `base properties are not judged, and neither is what is no image`() throws {
        let gate = try gate([])
        let details = #"{"id":"i","name":"n","status":"active","tags":["t"],"os_hash_algo":"sha512","min_ram":1}"#
        let image = gate.text(GateSample.record("Template", details: details))
        #expect(image.contains(details))
        let network = #"{"name":"n","mtu":1500,"properties":{"a":"shown"}}"#
        #expect(gate.text(GateSample.record("Network", details: network)).contains(network))
        let event = GateSample.event(
            #"{"payload":{"properties":{"a":"shown"}}}"#,
            type: "org.openstack.stack.create.end"
        )
        #expect(gate.text(event).contains("shown"))
    }

    @Test func `a template of CloudStack's is no image`() throws {
        let record = GateSample.record("Template", details: #"{"ostypeid":"o","ispublic":true}"#, cloud: "prod")
        #expect(try gate([], foreign: ["prod"]).text(record).contains("ostypeid"))
        #expect(try !gate([], foreign: ["other"]).text(record).contains("ostypeid"))
    }

    @Test func `a property that stands there twice is judged twice, and a list that is not understood is not shown`()
        throws
    {
        let gate = try gate(["reader"])
        func isShown(_ list: String) -> Bool {
            let json = #"{"payload":{"glance_metadata":\#(list)}}"#
            return gate.text(GateSample.event(json, type: "org.openstack.volume.create.end")).contains("LEAK")
        }
        #expect(isShown(#"[{"key":"x_open","value":"LEAK"}]"#))
        #expect(!isShown(#"[{"key":"x_open","key":"x_closed","value":"LEAK"}]"#))
        #expect(!isShown(#"[["x_closed","LEAK"]]"#))
        #expect(!isShown(#"[{"k":"x_open","value":"LEAK"}]"#))
        #expect(!isShown(#"["LEAK"]"#))
    }

    @Test(arguments: [
        ("", 1, "no section"), ("[a]\nread = @\n[b]\nread", 4, "neither a section"),
        ("read = @", 1, "before the first [section]"), ("[a]\nread = @\n[a]\nread = !", 3, "line 1 too"),
        ("[a]\nread = @\nREAD = x", 3, "stands twice"), ("[a]\nread = @, admin", 2, "stands alone"),
        ("[a]\nread = @,!", 2, "stands alone"), ("[a]\nupdate = admin,!", 2, "stands alone"), ("[a", 1, "no section"),
        ("[]", 1, "no section"), ("[*a]\nread = @", 1, "no regular expression"),
        ("[a]\nread = rule:owner", 2, "is a policy"), ("[a]\nread = context_is_admin", 2, "is a policy"),
        ("[a]\nread = role:x or role:y", 2, "is a policy"), ("[a]\nread = %(x)s", 2, "not filled in"),
    ])
    func `what is wrong with a file is told with its line`(text: String, line: Int, reason: String) {
        #expect {
            _ = try PropertyProtectionFile(text)
        } throws: { error in
            let problem = error as? PropertyProtectionFile.Problem
            return problem?.line == line && problem?.reason.contains(reason) == true
        }
    }

    @Test func `a rule without a reader is denied, with a warning`() throws {
        let file = try PropertyProtectionFile("[a]\ncreate = @\n[b]\nread =\n")
        #expect(file.warnings.map(\.line) == [1, 3])
        #expect(
            try !gate(["admin"], "[a]\ncreate = @\n").text(GateSample.record("Template", details: #"{"a":"LEAK"}"#))
                .contains("LEAK")
        )
    }

    @Test func `what Python's parser takes is taken`() throws {
        let text =
            "\u{FEFF}; a comment\r\n[DEFAULT]\r\nread = admin\r\n\r\n[^a]b]\r\n  # another\r\nCreate : @\r\n[c]\r\nREAD=m ;n\r\n"
        let file = try PropertyProtectionFile(text)
        #expect(file.rules.map(\.text) == ["^a]b", "c"])
        #expect(file.rules.map(\.readers) == [["admin"], ["m ;n"]])
        #expect(file.warnings.isEmpty)
    }
}
