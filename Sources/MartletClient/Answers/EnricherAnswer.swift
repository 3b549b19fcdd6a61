import MartletJSON

/// What an enricher has done since the server started, and how it is.
package struct EnricherAnswer: Sendable {
    package let name: String
    package let cloud: String
    /// `running` or `failing`.
    package let state: String
    package let found: Int
    package let unknown: Int
    package let failed: Int
    package let waiting: Int
    package let dropped: Int
    package let lastError: String?
    /// What is not as it should be, though it answers.
    package let warning: String?

    init(json: JSONValue) throws(ClientError) {
        name = try json.text("name")
        cloud = json["cloud"]?.string ?? ""
        state = json["state"]?.string ?? ""
        found = json.count("found")
        unknown = json.count("unknown")
        failed = json.count("failed")
        waiting = json.count("waiting")
        dropped = json.count("dropped")
        lastError = json["last_error"]?.string
        warning = json["warning"]?.string
    }
}
