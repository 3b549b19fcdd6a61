import Crypto
import Foundation
import MartletJSON
import MartletKeystone
import MartletPipeline

/// The settings of a sink to Zaqar, checked.
struct ZaqarConfiguration: Sendable {
    enum Authentication: Sendable {
        /// Zaqar without Keystone, which takes everybody's word for the project.
        case none(project: String)
        case keystone(KeystoneSettings)
        case signed(ZaqarSignedURL)
    }

    /// What stands before `/v2`; `nil` where Keystone's catalogue says it.
    var url: String?
    var queue: ZaqarQueueTemplate
    var authentication: Authentication
    var clientID: String
    /// In seconds; `nil` leaves it to the queue.
    var timeToLive: Int?
    /// The JSON object that a queue is made with before its first message.
    var metadata: [UInt8]?
    var maximumRequestBytes: Int
    var concurrency: Int
    var timeout: Duration
    var connectTimeout: Duration
    var certificateAuthority: String?

    init(_ settings: ComponentSettings, forwarder: String) throws(ComponentError) {
        let queueText = settings.string("queue") ?? ""
        queue = try ZaqarQueueTemplate(queueText)
        authentication = try Self.authentication(settings, queue: queue, queueText)
        url = try settings.string("url").map { url throws(ComponentError) in try Self.base(of: url) }
        clientID = try Self.clientID(settings.string("client-id"), forwarder: forwarder)
        timeToLive = try settings.duration("ttl").map { ttl throws(ComponentError) in try Self.seconds(ttl) }
        let metadata = settings.table("metadata")
        self.metadata = metadata.isEmpty ? nil : Self.json(metadata)
        maximumRequestBytes = settings.integer("batch-bytes") ?? 262_144
        concurrency = settings.integer("concurrency") ?? 2
        timeout = settings.duration("timeout") ?? .seconds(30)
        connectTimeout = settings.duration("connect-timeout") ?? .seconds(5)
        certificateAuthority = settings.string("ca-file")

        guard (1_024...(64 << 20)).contains(maximumRequestBytes) else {
            throw ComponentError(field: "batch-bytes", "has to be from 1KiB to 64MiB")
        }
        switch authentication {
        case .keystone: return
        case .signed where self.metadata != nil:
            throw ComponentError(field: "metadata", "does not go with signed-url, which lets one post messages only")
        case .none, .signed:
            guard url != nil else {
                throw ComponentError(field: "url", "is missing: where Zaqar is, as http://zaqar.example:8888")
            }
        }
    }

    private static func authentication(
        _ settings: ComponentSettings,
        queue: ZaqarQueueTemplate,
        _ queueText: String
    ) throws(ComponentError) -> Authentication {
        switch (settings.section("keystone"), settings.section("signed-url")) {
        case (.some, .some):
            throw ComponentError(field: "signed-url", "stands beside keystone: one of them is enough")
        case (let keystone?, nil):
            guard settings.string("project") == nil else {
                throw ComponentError(
                    field: "project",
                    "stands beside keystone, whose token says the project: take it out"
                )
            }
            return .keystone(try KeystoneSettings(keystone))
        case (nil, let signed?):
            guard settings.string("project") == nil else {
                throw ComponentError(field: "project", "stands beside signed-url, which has its own: take it out")
            }
            guard queue.isFixed else {
                throw ComponentError(field: "queue", "is a template, but signed-url is for one queue: name that")
            }
            return .signed(try ZaqarSignedURL(signed, queue: queueText))
        case (nil, nil):
            guard let project = settings.string("project") else {
                throw ComponentError(
                    field: "project",
                    "is missing: for which project to post, or with keystone or signed-url how to prove it"
                )
            }
            guard !project.isEmpty, project.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw ComponentError(field: "project", "is no project's id")
            }
            return .none(project: project)
        }
    }

    /// The address without the version and slashes at its end, however it was written.
    static func base(of url: String) throws(ComponentError) -> String {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !url.contains(where: { "?#".contains($0) }) else {
            throw ComponentError(field: "url", "has a blank, a control character, ? or # in it: take it out")
        }
        var base = url[...]
        while base.last == "/" { base.removeLast() }
        if base.hasSuffix("/v2") { base.removeLast(3) }
        while base.last == "/" { base.removeLast() }
        for version in ["/v1", "/v1.1"] where base.hasSuffix(version) {
            throw ComponentError(field: "url", "is that of \(version.dropFirst()): Martlet speaks v2")
        }
        return String(base)
    }

    /// Zaqar wants one from every client: the same at each start, so that messages can be told to be this forwarder's.
    private static func clientID(_ text: String?, forwarder: String) throws(ComponentError) -> String {
        guard let text else {
            // A UUID of version 8 (RFC 9562, section 5.8), whose bits are anybody's to choose.
            var bytes = Array(SHA256.hash(data: Data("martlet zaqar \(forwarder)".utf8)).prefix(16))
            bytes[6] = bytes[6] & 0x0F | 0x80
            bytes[8] = bytes[8] & 0x3F | 0x80
            let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
            var id = ""
            for (index, digit) in digits.enumerated() {
                if [8, 12, 16, 20].contains(index) { id += "-" }
                id.append(digit)
            }
            return id
        }
        guard let id = UUID(uuidString: text) else {
            throw ComponentError(field: "client-id", "is no UUID: make one with uuidgen, or leave it out")
        }
        return id.uuidString.lowercased()
    }

    private static func seconds(_ duration: Duration) throws(ComponentError) -> Int {
        let seconds = Int(duration.components.seconds)
        guard (60...1_209_600).contains(seconds) else {
            throw ComponentError(field: "ttl", "has to be from 60s to 14d: Zaqar takes nothing else")
        }
        return seconds
    }

    /// Whole numbers and Booleans as such: `_default_message_ttl` is no text to Zaqar.
    private static func json(_ table: [String: String]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in table.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            if let number = Int(value), String(number) == value {
                writer.integer(number)
            } else if let flag = Bool(value) {
                writer.boolean(flag)
            } else {
                writer.string(value)
            }
        }
        writer.endObject()
        return writer.bytes
    }
}
