package import MartletJSON

/// Which of the things kept aside are meant.
package enum Selection: Sendable, Hashable {
    case ids([String])
    case all
    /// All of one source, in the quarantine.
    case source(String)

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .ids(let ids):
            writer.key("ids")
            writer.beginArray()
            for id in ids { writer.string(id) }
            writer.endArray()
        case .all:
            writer.member("all", true)
        case .source(let name):
            writer.member("source", name)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// A page of a list, and the id after which the next one begins.
package struct ListPage<Item: Sendable>: Sendable {
    package let items: [Item]
    package let next: String?
}

extension APIClient {
    package func status() async throws(ClientError) -> StatusAnswer {
        try StatusAnswer(json: try await get(APIPath("status")))
    }

    /// What the server is made of, as it says itself.
    package func components() async throws(ClientError) -> JSONValue {
        try await get(APIPath("components"))
    }

    package func forwarders() async throws(ClientError) -> [ForwarderAnswer] {
        try await get(APIPath("forwarders")).list("forwarders")
            .map { value throws(ClientError) in try ForwarderAnswer(json: value) }
    }

    package func pauseForwarder(_ name: String) async throws(ClientError) -> ForwarderAnswer {
        try ForwarderAnswer(json: try await post(APIPath("forwarders", name, "pause")))
    }

    package func resumeForwarder(_ name: String) async throws(ClientError) -> ForwarderAnswer {
        try ForwarderAnswer(json: try await post(APIPath("forwarders", name, "resume")))
    }

    /// Erases what the server has of a forwarder that its configuration names no more.
    package func forgetForwarder(_ name: String) async throws(ClientError) {
        _ = try await send("DELETE", APIPath("forwarders", name))
    }

    /// Has the server read its configuration anew.
    package func reload() async throws(ClientError) -> ReloadAnswer {
        ReloadAnswer(json: try await post(APIPath("config", "reload")))
    }

    /// Moves dead letters back to what is pending; the number that were moved.
    package func redeliver(_ selection: Selection, of forwarder: String) async throws(ClientError) -> Int {
        try await post(APIPath("forwarders", forwarder, "redeliver"), json: selection.body).count("redelivered")
    }

    /// Gives dead letters up for good; the number that were.
    package func discard(_ selection: Selection, of forwarder: String) async throws(ClientError) -> Int {
        try await post(APIPath("forwarders", forwarder, "discard"), json: selection.body).count("discarded")
    }

    package func deadLetters(
        forwarder: String?,
        after: String? = nil,
        limit: Int
    ) async throws(ClientError) -> ListPage<DeadLetterAnswer> {
        var path = APIPath("dead-letters")
        path.add("forwarder", forwarder)
        path.add("after", after)
        path.add("limit", limit)
        let answer = try await get(path)
        let items = try answer.list("deadletters")
            .map { value throws(ClientError) in try DeadLetterAnswer(json: value) }
        return ListPage(items: items, next: answer["next"]?.string)
    }

    package func deadLetter(_ id: String) async throws(ClientError) -> DeadLetterAnswer {
        try DeadLetterAnswer(json: try await get(APIPath("dead-letters", id)))
    }

    package func quarantine(
        source: String?,
        after: String? = nil,
        limit: Int
    ) async throws(ClientError) -> ListPage<QuarantinedItem> {
        var path = APIPath("quarantine")
        path.add("source", source)
        path.add("after", after)
        path.add("limit", limit)
        let answer = try await get(path)
        let items = try answer.list("items").map { value throws(ClientError) in try QuarantinedItem(json: value) }
        return ListPage(items: items, next: answer["next"]?.string)
    }

    /// Reads items again, as after a fix.
    package func retryQuarantine(_ selection: Selection) async throws(ClientError) -> QuarantineRetryAnswer {
        QuarantineRetryAnswer(json: try await post(APIPath("quarantine", "retry"), json: selection.body))
    }
}
