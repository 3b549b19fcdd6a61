import Martlet
import MartletClient
import MartletPipeline

/// Which events a query asks for.
struct EventQuery: Sendable {
    /// Parameters that are no attributes.
    static let names: Set<String> = ["match", "after", "limit", "since", "until", "body", "wait"]

    private var filter: EventFilter
    /// Attribute names with the texts of which each must have one.
    private var attributes: [String: Set<String>]
    var after: Position
    var since: Timestamp?
    var until: Timestamp?
    var limit: Int
    var form: BodyForm
    /// How long to wait for an event where there is none.
    var wait: Duration

    init(_ parameters: QueryParameters, now: Timestamp) throws(Problem) {
        filter = EventFilter()
        for text in parameters.texts("match") {
            do {
                filter.matches.append(EventFilter.Match(pattern: try TopicPattern(text)))
            } catch {
                throw .parameter("match", error.description)
            }
        }
        attributes = [:]
        for (name, value) in parameters.items where !EventQuery.names.contains(name) {
            guard !name.isEmpty, name.utf8.allSatisfy(EventQuery.isAttributeCharacter) else {
                throw .parameter(
                    name,
                    "\"\(name)\" is neither a parameter here nor an attribute: those have small letters and digits."
                )
            }
            attributes[name, default: []].insert(value)
        }
        after = try parameters.position("after") ?? .zero
        since = try parameters.moment("since", now: now)
        until = try parameters.moment("until", now: now)
        limit = try parameters.limit()
        form = try parameters.bodyForm()
        wait = .seconds(try parameters.integer("wait", in: 0...30, default: 0))
    }

    /// The attributes that it goes by.
    var attributeNames: [String] { Array(attributes.keys) }

    func accepts(_ event: Event) -> Bool {
        filter.accepts(event)
            && attributes.allSatisfy { name, values in
                // A mark that is not set is false.
                let text = event.attribute(name) ?? (EventQuery.marks.contains(name) ? "false" : nil)
                return text.map(values.contains) ?? false
            }
    }

    private static let marks: Set<String> = Set(
        [AttributeName.stale, .redacted, .replay, .resync, .impossibletransition].map(\.rawValue)
    )

    private static func isAttributeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
