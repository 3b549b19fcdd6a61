import Foundation
import MartletPipeline
import MartletTransfer

/// The settings of a webhook, checked.
struct WebhookConfiguration: Sendable {
    var url: String
    /// The first is the newest; each gives a signature.
    var secrets: [WebhookSecret]
    var maximumEvents: Int
    var timeout: Duration
    var connectTimeout: Duration
    var concurrency: Int
    /// In the order of their names.
    var headers: [(name: String, value: String)]
    var networks: NetworkPolicy
    /// What no message may show of the URL and the headers, which a receiver may quote in its answer; the longest first.
    let hidden: [String]
    /// Whether an answer's text may be quoted: not where the URL may be a tenant's, who could read other people's servers
    /// by it.
    var quotesAnswers: Bool
    var certificateAuthority: String?

    init(_ settings: ComponentSettings) throws(ComponentError) {
        guard let url = settings.string("url") else { throw ComponentError(field: "url", "is missing") }
        self.url = url
        var secrets: [WebhookSecret] = []
        for text in settings.strings("secret") { secrets.append(try WebhookSecret(text)) }
        self.secrets = secrets
        maximumEvents = settings.integer("batch") ?? 1
        timeout = settings.duration("timeout") ?? .seconds(15)
        connectTimeout = settings.duration("connect-timeout") ?? .seconds(5)
        concurrency = settings.integer("concurrency") ?? 8
        headers = try WebhookConfiguration.headers(settings.table("headers"))
        certificateAuthority = settings.string("ca-file")
        hidden = WebhookConfiguration.hidden(url: url, headers: headers.map(\.value))

        let allowed = try WebhookConfiguration.networks(settings.strings("allow-networks"))
        let isRestricted = settings.boolean("restrict-networks") ?? false || !allowed.isEmpty
        let allowsPlainHTTP = settings.boolean("allow-plain-http") ?? true
        networks = isRestricted ? .publicOnly(allowing: allowed, plainHTTP: allowsPlainHTTP) : .unrestricted
        quotesAnswers = !isRestricted
        try WebhookConfiguration.check(url: url, mayBePlain: !isRestricted || allowsPlainHTTP)
    }

    /// Of a URL all but scheme and host, of a header its value: as a whole and in pieces, since an answer may quote a part.
    private static func hidden(url: String, headers: [String]) -> [String] {
        let authority = url.drop { $0 != ":" }.dropFirst(3)
        let host = authority.prefix { !"/?#".contains($0) }
        let rest = String(authority.dropFirst(host.count))
        let login = host.lastIndex(of: "@").map { String(host[..<$0]) }
        var texts = headers + [rest, login ?? ""]
        texts += texts.flatMap { text in
            // Shorter ones are words of a path, in which nothing is hidden.
            text.split { "/?#&=:;, ".contains($0) }.map(String.init).filter { $0.utf8.count >= 8 }
        }
        texts += texts.compactMap(\.removingPercentEncoding)
        // The login also as HTTP's basic authentication has it, and the password alone.
        for login in Set([login, login?.removingPercentEncoding].compactMap { $0 }) {
            texts.append(Data(login.utf8).base64EncodedString())
            texts.append(String(login.drop { $0 != ":" }.dropFirst()))
        }
        return Set(texts).filter { $0.utf8.count >= 4 }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    private static func check(url: String, mayBePlain: Bool) throws(ComponentError) {
        let lowered = url.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else {
            throw ComponentError(field: "url", "has to begin with https:// or http://")
        }
        guard mayBePlain || scheme == "https://" else {
            throw ComponentError(
                field: "url",
                "is not encrypted: use https, or set allow-plain-http, since the networks are restricted"
            )
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw ComponentError(field: "url", "contains a blank or a control character: percent-encode it")
        }
        guard let first = url.dropFirst(scheme.count).first, !"/?#:".contains(first) else {
            throw ComponentError(field: "url", "names no host: write it as https://host/path")
        }
    }

    private static func networks(_ texts: [String]) throws(ComponentError) -> [Network] {
        var networks: [Network] = []
        for text in texts {
            do {
                networks.append(try Network(text))
            } catch {
                throw ComponentError(field: "allow-networks", error.description)
            }
        }
        return networks
    }

    private static func headers(_ table: [String: String]) throws(ComponentError) -> [(name: String, value: String)] {
        for (name, value) in table {
            guard !name.isEmpty, name.utf8.allSatisfy(isNameByte) else {
                throw ComponentError(
                    field: "headers",
                    "the name “\(name)” may have letters, digits, hyphens and underscores only"
                )
            }
            guard !reserved.contains(name.lowercased()) else {
                throw ComponentError(field: "headers", "\(name) is set by Martlet itself: leave it out")
            }
            // The value may be a password, so that it is not quoted.
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw ComponentError(
                    field: "headers",
                    "the value of \(name) contains a line break or another control character"
                )
            }
        }
        return table.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static let reserved: Set = [
        "content-type", "content-length", "transfer-encoding", "connection", "expect", "host", "user-agent",
        "webhook-id", "webhook-timestamp", "webhook-signature",
    ]
}
