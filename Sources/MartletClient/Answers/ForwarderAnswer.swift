package import Martlet
package import MartletJSON

/// How a forwarder is doing.
package struct ForwarderAnswer: Sendable {
    package let json: JSONValue
    package let name: String
    /// `running`, `retrying`, `unavailable` or `paused`; other words may come.
    package let state: String
    /// Why it is paused, where it is.
    package let pauseReason: String?
    package let committed: Int
    package let delivered: Int
    package let filtered: Int
    package let dead: Int
    package let skipped: Int
    package let pending: Int
    /// Resources that wait for a retry.
    package let parked: Int
    /// The age of the oldest event that waits.
    package let lag: Duration?
    /// Since when the destination has taken nothing.
    package let unavailableSince: Timestamp?
    /// When what failed is tried again.
    package let nextAttempt: Timestamp?
    /// Up to where only the last event of each resource is sent, after an outage; `nil` where there is no such stretch.
    package let resynchronisedThrough: String?
    package let lastError: String?

    init(json: JSONValue) throws(ClientError) {
        self.json = json
        name = try json.text("name")
        state = try json.text("state")
        let pause = json["pause"]
        pauseReason = pause?["reason"]?.string ?? pause?["cause"]?.string
        committed = json.count("committed")
        delivered = json.count("delivered")
        filtered = json.count("filtered")
        dead = json.count("dead")
        skipped = json.count("skipped")
        pending = json.count("pending")
        parked = json.count("parked")
        lag = json["lag_seconds"]?.double.map { .seconds($0) }
        unavailableSince = json["unavailable_since"]?.string.flatMap { Timestamp($0) }
        nextAttempt = json["next_attempt"]?.string.flatMap { Timestamp($0) }
        resynchronisedThrough = json["resynchronisation"]?["through"]?.string
        lastError = json["last_error"]?.string
    }
}
