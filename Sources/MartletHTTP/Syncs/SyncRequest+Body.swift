import MartletClient
import MartletJSON
import MartletPipeline

extension SyncRequest {
    private static let rates = 0...1_000_000
    private static let members = ["kind", "cloud", "types", "dryrun", "rate", "acceptdeletions"]
    private static let largestBody = 64 << 10

    /// What `POST /v1/syncs` says.
    init(body: [UInt8]) throws(Problem) {
        guard body.count <= Self.largestBody else {
            throw Problem(.bodyTooLarge, "A sync is asked for in \(Self.largestBody) bytes at the most.")
        }
        let root: JSONValue
        do {
            root = try JSONDocument(parsing: body).root
        } catch {
            throw Problem(error)
        }
        guard root.kind == .object else { throw Problem(.invalidParameter, "The body is an object with “kind”.") }
        for member in root.members where !Self.members.contains(member.key) {
            let text = Spelling.unknown("member", member.key, known: Self.members)
            throw .parameter(member.key, text.prefix(1).uppercased() + text.dropFirst() + ".")
        }
        guard let kind = root["kind"]?.string, !kind.isEmpty else {
            throw .parameter("kind", "“kind” is missing: the kind of the enricher, openstack or cloudstack.")
        }
        self.init(
            kind: kind,
            cloud: try Self.text("cloud", in: root),
            types: try Self.types(in: root),
            isDry: try Self.flag("dryrun", in: root),
            rate: try Self.rate(in: root),
            acceptsDeletions: try Self.flag("acceptdeletions", in: root)
        )
    }

    private static func value(_ name: String, in root: JSONValue) -> JSONValue? {
        root[name].flatMap { $0.kind == .null ? nil : $0 }
    }

    private static func text(_ name: String, in root: JSONValue) throws(Problem) -> String? {
        guard let value = value(name, in: root) else { return nil }
        guard let text = value.string, !text.isEmpty else { throw .parameter(name, "“\(name)” is a text.") }
        return text
    }

    private static func flag(_ name: String, in root: JSONValue) throws(Problem) -> Bool {
        guard let value = value(name, in: root) else { return false }
        guard let flag = value.boolean else { throw .parameter(name, "“\(name)” is true or false.") }
        return flag
    }

    private static func types(in root: JSONValue) throws(Problem) -> [String] {
        guard let value = value("types", in: root) else { return [] }
        let types = value.elements.compactMap(\.string)
        guard value.kind == .array, types.count == value.count else {
            throw .parameter("types", "“types” is a list of types of resources, as [\"VirtualMachine\", \"Volume\"].")
        }
        return types
    }

    private static func rate(in root: JSONValue) throws(Problem) -> Int? {
        guard let value = value("rate", in: root) else { return defaultRate }
        guard let rate = value.integer.flatMap({ Int(exactly: $0) }), rates.contains(rate) else {
            throw .parameter(
                "rate",
                "“rate” is how many events a second may be made, a whole number up to \(rates.upperBound); 0 is without a limit."
            )
        }
        return rate == 0 ? nil : rate
    }
}
