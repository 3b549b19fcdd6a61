package import Martlet
import MartletJSON

/// A replay to be made, in the words of the API. What is left out is the server's to choose.
package struct ReplayRequest: Sendable, Hashable {
    /// To a forwarder's destination, or to a sink given in YAML.
    package enum Target: Sendable, Hashable {
        case forwarder(String)
        case sink(String)
    }

    package var target: Target
    /// A position, a time, a duration back from now, or `earliest`.
    package var from: String
    /// Likewise, or `now`.
    package var to: String?
    /// Topic patterns, any of which has to match.
    package var patterns: [String] = []
    /// Events a second; 0 for as fast as they are taken.
    package var rate: Int?
    package var note: String?
    /// `original`, `event` or `enriched`; with a sink only.
    package var body: String?

    package init(target: Target, from: String) {
        self.target = target
        self.from = from
    }

    /// - Parameter after: how far has been counted before, where it is only counted.
    func bytes(after: Position? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch target {
        case .forwarder(let name): writer.member("forwarder", name)
        case .sink(let text): writer.member("sink", text)
        }
        writer.member("from", from)
        writer.member("to", to)
        if !patterns.isEmpty {
            writer.key("match")
            writer.beginArray()
            for pattern in patterns { writer.string(pattern) }
            writer.endArray()
        }
        writer.member("rate", rate)
        writer.member("note", note)
        writer.member("body", body)
        writer.member("after", after?.description)
        writer.endObject()
        return writer.bytes
    }
}

extension APIClient {
    package func startReplay(_ request: ReplayRequest) async throws(ClientError) -> ReplayAnswer {
        try ReplayAnswer(json: try await post(APIPath("replays"), json: request.bytes()))
    }

    /// Counts a part of what a replay would send.
    ///
    /// - Parameter after: `scanned` of the answer before, whose `to` the request must have then.
    package func countReplay(
        _ request: ReplayRequest,
        after: Position? = nil
    ) async throws(ClientError) -> ReplayCountAnswer {
        try ReplayCountAnswer(json: try await post(APIPath("replays", "count"), json: request.bytes(after: after)))
    }

    /// Newest first.
    package func replays() async throws(ClientError) -> [ReplayAnswer] {
        try await get(APIPath("replays")).list("replays")
            .map { value throws(ClientError) in try ReplayAnswer(json: value) }
    }

    package func replay(_ id: String) async throws(ClientError) -> ReplayAnswer {
        try ReplayAnswer(json: try await get(APIPath("replays", id)))
    }

    package func pauseReplay(_ id: String) async throws(ClientError) -> ReplayAnswer {
        try ReplayAnswer(json: try await post(APIPath("replays", id, "pause")))
    }

    package func resumeReplay(_ id: String) async throws(ClientError) -> ReplayAnswer {
        try ReplayAnswer(json: try await post(APIPath("replays", id, "resume")))
    }

    package func cancelReplay(_ id: String) async throws(ClientError) -> ReplayAnswer {
        try ReplayAnswer(json: try await post(APIPath("replays", id, "cancel")))
    }

    package func replayFailures(
        _ id: String,
        after: String? = nil,
        limit: Int
    ) async throws(ClientError) -> ListPage<ReplayFailureAnswer> {
        var path = APIPath("replays", id, "failures")
        path.add("after", after)
        path.add("limit", limit)
        let answer = try await get(path)
        let items = try answer.list("failures")
            .map { value throws(ClientError) in try ReplayFailureAnswer(json: value) }
        return ListPage(items: items, next: answer["next"]?.string)
    }
}
