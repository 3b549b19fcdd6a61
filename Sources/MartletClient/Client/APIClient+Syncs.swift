import MartletJSON

/// A sync to be begun, in the words of the API.
package struct SyncRequestBody: Sendable, Hashable {
    /// The kind of the enricher: `openstack`.
    package var kind: String
    package var cloud: String?
    package var types: [String] = []
    package var isDry = false
    /// Events a second; 0 for no limit.
    package var rate: Int?
    package var acceptsDeletions = false

    package init(kind: String) { self.kind = kind }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("kind", kind)
        writer.member("cloud", cloud)
        if !types.isEmpty {
            writer.key("types")
            writer.beginArray()
            for type in types { writer.string(type) }
            writer.endArray()
        }
        if isDry { writer.member("dryrun", true) }
        writer.member("rate", rate)
        if acceptsDeletions { writer.member("acceptdeletions", true) }
        writer.endObject()
        return writer.bytes
    }
}

extension APIClient {
    package func startSync(_ request: SyncRequestBody) async throws(ClientError) -> SyncAnswer {
        try SyncAnswer(json: try await post(APIPath("syncs"), json: request.bytes))
    }

    /// Newest first.
    package func syncs() async throws(ClientError) -> [SyncAnswer] {
        try await get(APIPath("syncs")).list("syncs")
            .map { value throws(ClientError) in try SyncAnswer(json: value) }
    }

    package func sync(_ id: String) async throws(ClientError) -> SyncAnswer {
        try SyncAnswer(json: try await get(APIPath("syncs", id)))
    }

    package func stopSync(_ id: String) async throws(ClientError) -> SyncAnswer {
        try SyncAnswer(json: try await send("DELETE", APIPath("syncs", id)))
    }
}
