package import Martlet
import MartletJSON

/// What became of the items of one request, after the commit.
package struct PublishAnswer: Sendable, Equatable {
    /// An item that no format could read.
    package struct Item: Sendable, Equatable {
        /// Counted from 0 in the request.
        package let index: Int
        package let reason: String
    }

    package let accepted: Int
    package let duplicates: Int
    package let quarantined: Int
    package let ignored: Int
    /// The position of the last one; nil where nothing was committed.
    package let position: Position?
    package let problems: [Item]

    init(json: JSONValue) {
        accepted = json.count("accepted")
        duplicates = json.count("duplicates")
        quarantined = json.count("quarantined")
        ignored = json.count("ignored")
        position = json["position"]?.string.flatMap { Position($0) }
        problems =
            (json["problems"]?.elements).map { items in
                items.map { Item(index: $0.count("index"), reason: $0["reason"]?.string ?? "unknown") }
            } ?? []
    }
}
