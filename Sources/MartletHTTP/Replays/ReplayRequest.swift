import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// What `POST /v1/replays` says of the course of a replay; to where it goes is the definition's to say.
struct ReplayRequest: Sendable {
    static let defaultRate = 100
    private static let rates = 0...1_000_000
    private static let longestNote = 500
    private static let largestDefinition = 64 << 10

    let definition: [UInt8]
    let from: ReplayBound
    let to: ReplayBound
    /// Events a second; `nil` for as fast as the destination takes them.
    let rate: Int?
    let note: String?
    /// How far has been counted, where it is only counted.
    let after: Position?

    init(_ body: [UInt8], now: Timestamp) throws(Problem) {
        guard body.count <= Self.largestDefinition else {
            throw Problem(.bodyTooLarge, "A replay is defined in \(Self.largestDefinition) bytes at the most.")
        }
        let root: JSONValue
        do {
            root = try JSONDocument(parsing: body).root
        } catch {
            throw Problem(error)
        }
        guard root.kind == .object else {
            throw Problem(.invalidParameter, "The body is an object with “forwarder” or “sink”, and “from”.")
        }
        definition = body
        guard let from = try Self.bound("from", in: root, now: now) else {
            let forms = "a position, a time such as 2026-01-30T11:38:35Z, 1h for an hour ago, or earliest"
            throw .parameter("from", "“from” is missing: where the replay begins, as \(forms).")
        }
        self.from = from
        to = try Self.bound("to", in: root, now: now) ?? .edge
        rate = try Self.rate(in: root)
        note = try Self.note(in: root)
        after = try Self.position("after", in: root)
    }

    private static func position(_ name: String, in root: JSONValue) throws(Problem) -> Position? {
        guard let value = root[name], value.kind != .null else { return nil }
        guard let position = (value.string ?? value.integer.map(String.init)).flatMap({ Position($0) }) else {
            throw .parameter(name, "“\(name)” is a position, as “scanned” tells it.")
        }
        return position
    }

    private static func bound(_ name: String, in root: JSONValue, now: Timestamp) throws(Problem) -> ReplayBound? {
        guard let value = root[name], value.kind != .null else { return nil }
        let text = value.string ?? value.integer.map(String.init)
        if let bound = text.flatMap({
            ReplayBound($0, edge: name == "from" ? ["earliest"] : ["now", "head"], now: now)
        }) {
            return bound
        }
        let edge = name == "from" ? "earliest" : "now"
        throw .parameter(
            name,
            "“\(name)” is a position, a time such as 2026-01-30T11:38:35Z, 1h for an hour ago, or \(edge)."
        )
    }

    private static func rate(in root: JSONValue) throws(Problem) -> Int? {
        guard let value = root["rate"], value.kind != .null else { return defaultRate }
        guard let rate = value.integer.map({ Int($0) }), rates.contains(rate) else {
            throw .parameter(
                "rate",
                "“rate” is how many events a second may go, a whole number up to \(rates.upperBound); 0 is as fast as they are taken."
            )
        }
        return rate == 0 ? nil : rate
    }

    private static func note(in root: JSONValue) throws(Problem) -> String? {
        guard let value = root["note"], value.kind != .null else { return nil }
        guard let note = value.string, note.count <= longestNote else {
            throw .parameter("note", "“note” is a text of \(longestNote) characters at the most.")
        }
        return note.isEmpty ? nil : note
    }
}
