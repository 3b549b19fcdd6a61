package import Martlet

/// Which events, and how they are to be shown. What is left out is not asked for.
package struct EventQuery: Sendable, Hashable {
    /// Topic patterns, any of which has to match.
    package var patterns: [String] = []
    /// Attributes and the values they must have; a name that comes again may have any of its values.
    package var attributes: [Attribute] = []
    /// RFC 3339, or a duration back from now.
    package var since: String?
    package var until: String?
    /// `original`, `event` or `enriched`.
    package var body: String?

    package init() {}

    /// A name and a value.
    package struct Attribute: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Whether it lets everything through.
    package var isEverything: Bool { patterns.isEmpty && attributes.isEmpty && since == nil && until == nil }
}

extension APIClient {
    /// The most events of one page.
    package static let largestPage = 1_000

    /// A page of events, oldest first.
    ///
    /// - Parameters:
    ///   - after: the position after which it begins; nil for the log's first event.
    ///   - limit: 1 to ``largestPage``.
    ///   - wait: how long the server may hold the request until there is an event, in whole seconds up to 30.
    package func events(
        _ query: EventQuery,
        after: Position?,
        limit: Int,
        wait: Duration = .zero
    ) async throws(ClientError) -> EventPage {
        var path = APIPath("events")
        for pattern in query.patterns { path.add("match", pattern) }
        for attribute in query.attributes { path.add(attribute.name, attribute.value) }
        path.add("since", query.since)
        path.add("until", query.until)
        path.add("body", query.body)
        path.add("after", after)
        path.add("limit", limit)
        if wait > .zero { path.add("wait", wait.components.seconds) }
        return try EventPage(json: try await get(path, wait: wait))
    }

    /// The first and the last position of the log: what was before the first has been removed. Everybody who may read events may
    /// ask for them.
    package func logExtent() async throws(ClientError) -> (first: Position, head: Position) {
        var path = APIPath("events")
        path.add("limit", 1)
        let answer = try await get(path)
        func position(_ name: String) throws(ClientError) -> Position {
            guard let position = Position(try answer.text(name)) else {
                throw .unreadable("the member \"\(name)\" is no position")
            }
            return position
        }
        return (try position("first"), try position("head"))
    }

    /// Where published items go.
    package enum PublishTarget: Sendable, Hashable {
        /// The source of this name.
        case source(String)
        /// The source of CloudEvents.
        case cloudEvents
    }

    /// Hands items over and waits for their commit.
    ///
    /// - Parameters:
    ///   - topic: the routing key of the only item.
    ///   - contentType: what says how `body` is to be read.
    package func publish(
        _ body: [UInt8],
        contentType: String,
        to target: PublishTarget,
        topic: String? = nil
    ) async throws(ClientError) -> PublishAnswer {
        var headers = [(name: "Content-Type", value: contentType)]
        if let topic { headers.append((name: "X-Martlet-Topic", value: topic)) }
        let path =
            switch target {
            case .source(let name): APIPath("sources", name)
            case .cloudEvents: APIPath("events")
            }
        return PublishAnswer(json: try await send("POST", path, headers: headers, body: body))
    }
}
