import Foundation
import Martlet
import MartletKeystone
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite struct ZaqarConfigurationTests {
    typealias Settings = [String: ComponentSettings.Value]

    static let keystone = ComponentSettings.Value.section(
        ComponentSettings([
            "auth-url": .string("http://keystone.example:5000"), "application-credential-id": .string("i"),
            "application-credential-secret": .string("s33ded"),
        ])
    )
    static let signed = ComponentSettings.Value.section(
        ComponentSettings([
            "signature": .string("s33ded"), "expires": .string("2027-01-01T00:00:00"),
            "methods": .strings(["GET", "POST"]), "paths": .strings(["/v2/queues/q/messages"]), "project": .string("p"),
        ])
    )
    private static let plain: Settings = [
        "url": .string("http://zaqar.example:8888"), "queue": .string("q"), "project": .string("p"),
    ]

    private static func read(_ settings: Settings) throws -> ZaqarConfiguration {
        try ZaqarConfiguration(ComponentSettings(settings), forwarder: "noc")
    }

    @Test(
        arguments: [
            (["project": .string("")], "project", "no project's id"),
            (["ttl": .duration(.seconds(59))], "ttl", "from 60s to 14d"),
            (["ttl": .duration(.seconds(1_209_601))], "ttl", "from 60s to 14d"),
            (["batch-bytes": .integer(100)], "batch-bytes", "1KiB"),
            (["client-id": .string("martlet")], "client-id", "no UUID"),
            (["url": .string("http://zaqar.example:8888/v1.1")], "url", "v2"),
            (["url": .string("http://zaqar.example:8888/?x")], "url", "take it out"),
            (["queue": .string("a:b")], "queue", "letters"),
            (["keystone": keystone], "project", "take it out"),
            (["signed-url": signed], "project", "take it out"),
            (["signed-url": signed, "keystone": keystone], "signed-url", "one of them"),
        ] as [(Settings, String, String)]
    )
    func `what is wrong is blamed on its field`(_ settings: Settings, field: String, says: String) {
        let error = #expect(throws: ComponentError.self) { try Self.read(Self.plain.merging(settings) { $1 }) }
        #expect(error?.field == field)
        #expect(error?.reason.contains(says) == true, "\(error?.reason ?? "")")
    }

    @Test func `what is missing is asked for`() {
        func field(_ settings: Settings) -> String? {
            #expect(throws: ComponentError.self) { try Self.read(settings) }?.field
        }
        #expect(field(["queue": .string("q"), "project": .string("p")]) == "url")
        #expect(field(["queue": .string("q"), "url": .string("http://z")]) == "project")
        #expect(field(["queue": .string("q"), "signed-url": Self.signed]) == "url")
    }

    @Test func `a signed URL has to be for this queue, for posting, and for one queue`() {
        func field(_ settings: Settings) -> String? {
            let all: Settings = ["url": .string("http://z"), "queue": .string("q"), "signed-url": Self.signed]
            return #expect(throws: ComponentError.self) { try Self.read(all.merging(settings) { $1 }) }?.field
        }
        func signed(_ changes: Settings) -> ComponentSettings.Value {
            let whole: Settings = [
                "signature": .string("s"), "expires": .string("2027-01-01T00:00:00"), "methods": .strings(["POST"]),
                "paths": .strings(["/v2/queues/q/messages"]), "project": .string("p"),
            ]
            return .section(ComponentSettings(whole.merging(changes) { $1 }))
        }
        #expect(field(["queue": .string("other")]) == "signed-url.paths")
        #expect(field(["queue": .string("{tenantid}")]) == "queue")
        #expect(field(["metadata": .table(["a": "1"])]) == "metadata")
        #expect(field(["signed-url": signed(["methods": .strings(["GET"])])]) == "signed-url.methods")
        #expect(field(["signed-url": signed(["expires": .string("soon")])]) == "signed-url.expires")
        #expect(field(["signed-url": signed(["signature": .string("a\r\nb")])]) == "signed-url.signature")
    }

    @Test(arguments: ["http://z:8888", "http://z:8888/", "http://z:8888/v2", "http://z:8888/v2/"])
    func `the address is understood however it is written`(url: String) throws {
        #expect(try Self.read(Self.plain.merging(["url": .string(url)]) { $1 }).url == "http://z:8888")
    }

    @Test func `a forwarder has the same client id for ever, and no other one's`() throws {
        let settings = ComponentSettings(Self.plain)
        let first = try ZaqarConfiguration(settings, forwarder: "noc").clientID
        #expect(UUID(uuidString: first) != nil)
        #expect(try ZaqarConfiguration(settings, forwarder: "noc").clientID == first)
        #expect(try ZaqarConfiguration(settings, forwarder: "cmdb").clientID != first)
    }

    @Test func `metadata keep numbers and Booleans as such`() throws {
        let metadata = [
            "_default_message_ttl": "86400", "_enable_encrypt_messages": "false", "owner": "noc", "n": "007",
        ]
        let configuration = try Self.read(Self.plain.merging(["metadata": .table(metadata)]) { $1 })
        #expect(
            configuration.metadata.map { String(decoding: $0, as: UTF8.self) }
                == #"{"_default_message_ttl":86400,"_enable_encrypt_messages":false,"n":"007","owner":"noc"}"#
        )
    }

    @Test func `what is only doubtful is a warning`() throws {
        func warnings(_ settings: Settings) throws -> [String?] {
            let time = ManualTime(now: Timestamp(seconds: 1_830_000_000))
            return try ZaqarSink.check(ComponentSettings(settings), context: .sample(time: time)).map(\.field)
        }
        #expect(try warnings(Self.plain).isEmpty)
        #expect(
            try warnings(["queue": .string("{tenantid:x}"), "keystone": Self.keystone]) == ["keystone.auth-url"]
        )
        #expect(try warnings(Self.plain.merging(["queue": .string("{tenanid}")]) { $1 }) == ["queue"])
        #expect(
            try warnings(["url": .string("http://z"), "queue": .string("q"), "signed-url": Self.signed])
                == ["signed-url.expires"]
        )
    }
}
