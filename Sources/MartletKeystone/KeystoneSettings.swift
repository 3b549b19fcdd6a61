package import MartletPipeline
import MartletTransfer

/// Where Keystone is, and as whom to ask.
package struct KeystoneSettings: Sendable, Hashable {
    /// Of a service's endpoint in the catalogue.
    package enum Interface: String, Sendable, CaseIterable {
        case `public`, `internal`, admin
    }

    /// The address of API version 3, without a slash at its end: `https://keystone.example:5000/v3`.
    package var url: String
    package var credential: KeystoneCredential
    /// Whose endpoints are meant; `nil` for any.
    package var region: String?
    package var interface: Interface
    /// How long a request may take.
    package var timeout: Duration
    /// A file of PEM certificates to verify Keystone by, instead of the system's.
    package var certificateAuthority: String?

    package init(
        url: String,
        credential: KeystoneCredential,
        region: String? = nil,
        interface: Interface = .public,
        timeout: Duration = .seconds(15),
        certificateAuthority: String? = nil
    ) {
        self.url = Self.versioned(url)
        self.credential = credential
        self.region = region
        self.interface = interface
        self.timeout = timeout
        self.certificateAuthority = certificateAuthority
    }

    /// Reads the section of a component's settings that ``fields`` describes.
    ///
    /// - Parameter name: the section's own, to blame a field of it.
    package init(_ settings: ComponentSettings, section name: String = "keystone") throws(ComponentError) {
        guard let url = settings.string("auth-url") else {
            throw ComponentError(field: "\(name).auth-url", "is missing")
        }
        try Self.check(url: url, field: "\(name).auth-url")
        let reading = KeystoneCredentialReading(settings: settings, section: name)
        self.init(
            url: url,
            credential: try reading.credential(),
            region: settings.string("region"),
            interface: settings.string("interface").flatMap { Interface(rawValue: $0) } ?? .public,
            timeout: settings.duration("timeout") ?? .seconds(15),
            certificateAuthority: settings.string("ca-file")
        )
        guard timeout >= .milliseconds(100), timeout <= .seconds(300) else {
            throw ComponentError(field: "\(name).timeout", "has to be from 100ms to 5m")
        }
    }

    /// Whether the credentials would cross a network unencrypted.
    package var isPlain: Bool { PlainAddress(url).isExposed }

    private static func check(url: String, field: String) throws(ComponentError) {
        let lowered = url.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix),
            let first = url.dropFirst(scheme.count).first, !"/?#:@".contains(first)
        else { throw ComponentError(field: field, "has to be Keystone's address, as https://keystone.example:5000/v3") }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !url.contains(where: { "?#".contains($0) }) else {
            throw ComponentError(field: field, "has a blank, a control character, ? or # in it: take it out")
        }
        guard !lowered.hasSuffix("/v2.0"), !lowered.hasSuffix("/v2.0/") else {
            throw ComponentError(field: field, "is that of API version 2, which Keystone has no more: take /v3")
        }
    }

    private static func versioned(_ url: String) -> String {
        var url = url[...]
        while url.last == "/" { url.removeLast() }
        if url.hasSuffix("/auth/tokens") { url.removeLast("/auth/tokens".count) }
        return url.hasSuffix("/v3") ? String(url) : "\(url)/v3"
    }
}
