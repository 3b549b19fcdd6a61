/// A version of Apache CloudStack: what decides where its files go and what it can do.
struct CloudStackVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    var major: Int
    var minor: Int

    /// The first one that knows several event buses and webhooks, and reads their beans from a directory of their own.
    static let distributor = CloudStackVersion(major: 4, minor: 20)
    /// The first one with an event bus on Kafka.
    static let kafka = CloudStackVersion(major: 4, minor: 7)
    /// The first one that reads the bean of its event bus from a file of its own.
    static let oldest = CloudStackVersion(major: 4, minor: 3)

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// `4.20`, `4.20.1`, `4.19.1.3`: the first two numbers count. Nil for anything else, and for what is older than ``oldest``.
    init?(_ text: String) {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = words.compactMap { word in word.utf8.allSatisfy(\.isDigit) ? Int(word) : nil }
        guard (2...4).contains(words.count), numbers.count == words.count else { return nil }
        self.init(major: numbers[0], minor: numbers[1])
        guard self >= Self.oldest else { return nil }
    }

    /// Whether it can publish to several buses, and to webhooks.
    var hasSeveralBuses: Bool { self >= Self.distributor }

    /// Where the management server looks for the beans of its event buses.
    var contextDirectory: String {
        "\(Self.configurationDirectory)/META-INF/cloudstack/\(hasSeveralBuses ? "event" : "core")"
    }

    /// The management server's own configuration.
    static let configurationDirectory = "/etc/cloudstack/management"

    static func < (one: CloudStackVersion, other: CloudStackVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    var description: String { "\(major).\(minor)" }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
