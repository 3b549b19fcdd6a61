package import Martlet
import MartletJSON

/// How a server's retention is doing.
package struct RetentionAnswer: Sendable {
    /// A forwarder that keeps what would go otherwise.
    package struct Hold: Sendable {
        package let forwarder: String
        package let position: Position
        package let since: Timestamp?
    }

    /// What the store takes up, and what it may take up.
    package let used: Int
    package let bound: Int?
    package let isOverSize: Bool
    package let hold: Hold?
    package let lastError: String?

    init(json: JSONValue) {
        used = json.count("used")
        bound = json["bound"]?.integer.map { Int($0) }
        isOverSize = json["oversize"]?.boolean ?? false
        lastError = json["last_error"]?.string
        let held = json["held"]
        if let forwarder = held?["forwarder"]?.string,
            let position = held?["position"]?.string.flatMap({ Position($0) })
        {
            hold = Hold(
                forwarder: forwarder,
                position: position,
                since: held?["since"]?.string.flatMap { Timestamp($0) }
            )
        } else {
            hold = nil
        }
    }
}
