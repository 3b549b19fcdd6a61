import Hummingbird
import Martlet
import MartletClient
import MartletPipeline

/// The parameters of a query, read by type; what is wrong with one is told by its name.
struct QueryParameters: Sendable {
    /// In the order of the query, decoded.
    private(set) var items: [(name: String, value: String)] = []

    /// Reads `name=value&name=value`, percent-encoded; a plus stands for a blank.
    init(_ query: String?) throws(Problem) {
        for part in (query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decodeForm(pair[0]) else {
                throw Problem(.invalidParameter, "The query has a name that is not percent-encoded UTF-8.")
            }
            guard let value = pair.count > 1 ? PercentEncoding.decodeForm(pair[1]) : "" else {
                throw .parameter(name, "\"\(name)\" is not percent-encoded UTF-8.")
            }
            items.append((name, value))
        }
    }

    /// Refuses names that mean nothing here: a misspelt filter would otherwise be no filter.
    func requireNames(in known: [String]) throws(Problem) {
        for (name, _) in items where !known.contains(name) {
            let hint = known.isEmpty ? "There are none here." : "There are: \(known.joined(separator: ", "))."
            throw .parameter(name, "There is no parameter \"\(name)\" here. \(hint)")
        }
    }

    /// Every value given for a name.
    func texts(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// The value of a parameter that may be given once; `nil` where it is absent or empty.
    func text(_ name: String) throws(Problem) -> String? {
        let values = texts(name)
        guard values.count <= 1 else { throw .parameter(name, "\"\(name)\" can be given once only.") }
        return values.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number within a range.
    func integer(_ name: String, in range: ClosedRange<Int>, default defaultValue: Int) throws(Problem) -> Int {
        guard let text = try text(name) else { return defaultValue }
        guard let value = Int(text), range.contains(value) else {
            throw .parameter(
                name,
                "\"\(name)\" is a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"."
            )
        }
        return value
    }

    /// How many at the most: 100 where nothing is said, 1,000 at the most.
    func limit() throws(Problem) -> Int { try integer("limit", in: 1...1_000, default: 100) }

    /// A position in the log.
    func position(_ name: String) throws(Problem) -> Position? {
        guard let text = try text(name) else { return nil }
        guard let position = Position(text) else {
            throw .parameter(name, "\"\(name)\" is a position, as \"next\" tells it, not \"\(text)\".")
        }
        return position
    }

    /// The id of a dead letter or of an item of the quarantine.
    func id(_ name: String) throws(Problem) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let id = Int64(text), id >= 0 else { throw .parameter(name, "\"\(name)\" is an id, not \"\(text)\".") }
        return id
    }

    /// A moment: RFC 3339, or a duration back from now.
    func moment(_ name: String, now: Timestamp) throws(Problem) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        // The plus before a zone reads as a blank where the client has not encoded it.
        if let moment = Timestamp(text) ?? Timestamp(String(text.map { $0 == " " ? "+" : $0 })) { return moment }
        if let duration = Duration(text: text) {
            return Timestamp(nanoseconds: now.nanoseconds - duration.nanoseconds)
        }
        throw .parameter(
            name,
            "\"\(name)\" is a time such as 2026-01-30T11:38:35Z, or a duration back from now such as 30m, 1h or 2d."
        )
    }

    /// What is shown of an event.
    func bodyForm(default defaultForm: BodyForm = .event) throws(Problem) -> BodyForm {
        guard let text = try text("body") else { return defaultForm }
        guard let form = BodyForm(rawValue: text) else {
            let forms = BodyForm.allCases.map(\.rawValue).joined(separator: ", ")
            throw .parameter("body", "\"body\" is one of \(forms), not \"\(text)\".")
        }
        return form
    }
}

extension Request {
    /// The parameters of the query.
    var query: QueryParameters { get throws(Problem) { try QueryParameters(uri.query) } }
}
