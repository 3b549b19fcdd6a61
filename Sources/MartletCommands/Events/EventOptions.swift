import ArgumentParser
import Martlet
import MartletClient

/// Which events are meant: the options that become the query's attributes.
struct EventFilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Of this category: action, usage, alert, state, job, audit or other.", valueName: "name")
    )
    var category: [String] = []

    @Option(help: ArgumentHelp("Of this cloud.", valueName: "name"))
    var cloud: [String] = []

    @Option(help: ArgumentHelp("Of this type, with or without the cloud's prefix: VM.START.", valueName: "type"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Owned by this account or project.", valueName: "id"))
    var tenant: [String] = []

    @Option(help: ArgumentHelp("That ended so: success or failure.", valueName: "word"))
    var outcome: [String] = []

    @Option(help: ArgumentHelp("As grave as this: info, warning, error or critical.", valueName: "word"))
    var severity: [String] = []

    @Option(help: ArgumentHelp("With this attribute: phase=completed.", valueName: "name=value"))
    var attribute: [String] = []

    func validate() throws {
        try require(category, among: Category.self, "category")
        try require(outcome, among: Outcome.self, "outcome")
        try require(severity, among: Severity.self, "severity")
        for text in attribute { _ = try Self.attribute(text) }
    }

    /// All of them; an option that is given more than once lets any of its values pass.
    func attributes() throws -> [EventQuery.Attribute] {
        let fixed: [(AttributeName, [String])] = [
            (.category, category), (.cloud, cloud), (.type, type.flatMap(Self.types)), (.tenantid, tenant),
            (.outcome, outcome), (.severity, severity),
        ]
        return try fixed.flatMap { name, values in
            values.map { EventQuery.Attribute(name: name.rawValue, value: $0) }
        } + attribute.map(Self.attribute)
    }

    /// The type as it is, and as the formats write it.
    private static func types(_ type: String) -> [String] {
        [type] + ListedEvent.typePrefixes.filter { !type.hasPrefix($0) }.map { $0 + type }
    }

    private static func attribute(_ text: String) throws -> EventQuery.Attribute {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("--attribute \(text): write it as name=value, as in phase=completed.")
        }
        let name = String(parts[0])
        guard name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }),
            !reserved.contains(name)
        else {
            throw ValidationError(
                "--attribute \(text): \"\(name)\" is no attribute; they have lower-case letters and digits."
            )
        }
        return EventQuery.Attribute(name: name, value: String(parts[1]))
    }

    /// The query's own parameters.
    private static let reserved: Set = ["match", "after", "limit", "since", "until", "body", "wait"]

    private func require<Word: RawRepresentable<String> & CaseIterable>(
        _ values: [String],
        among: Word.Type,
        _ option: String
    ) throws {
        for value in values where Word(rawValue: value) == nil {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--\(option) \(value): use one of \(words).")
        }
    }
}

/// A moment as the user gives it: RFC 3339, or how long ago.
struct MomentArgument: ExpressibleByArgument, Hashable {
    private enum Form: Hashable {
        case time(Timestamp)
        case ago(Duration)
    }

    private let form: Form

    init?(argument: String) {
        if let duration = Duration(text: argument) {
            form = .ago(duration)
        } else if let time = Timestamp(argument) {
            form = .time(time)
        } else {
            return nil
        }
    }

    /// The moment itself, the same for all pages of a query.
    func moment(now: Timestamp) -> Timestamp {
        switch form {
        case .time(let time): time
        case .ago(let duration): now - duration
        }
    }
}

extension Timestamp {
    fileprivate static func - (left: Timestamp, right: Duration) -> Timestamp { left + (.zero - right) }
}
