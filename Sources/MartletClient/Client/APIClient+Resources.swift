package import Martlet
package import MartletJSON

/// What is looked for among the resources.
package struct ResourceSearch: Sendable, Hashable {
    /// Words of names, ids, addresses, descriptions.
    package var text: String
    package var type: String?
    package var cloud: String?
    package var state: String?
    package var limit: Int

    package init(text: String, type: String? = nil, cloud: String? = nil, state: String? = nil, limit: Int = 50) {
        self.text = text
        self.type = type
        self.cloud = cloud
        self.state = state
        self.limit = limit
    }
}

extension APIClient {
    /// The resources that match, and the position up to which the full text is indexed.
    package func resources(
        _ search: ResourceSearch
    ) async throws(ClientError) -> (found: [ResourceAnswer], indexedThrough: Position?) {
        var found: [ResourceAnswer] = []
        var after: String?
        while true {
            var path = APIPath("resources")
            path.add("search", search.text)
            path.add("type", search.type)
            path.add("cloud", search.cloud)
            path.add("state", search.state)
            path.add("limit", search.limit - found.count)
            path.add("after", after)
            let answer = try await get(path)
            found += try answer.list("resources").map { value throws(ClientError) in try ResourceAnswer(json: value) }
            after = answer["next"]?.string
            // A reader from whom something is hidden is answered in pages, which may be short.
            guard after != nil, found.count < search.limit else {
                return (found, answer["indexedthrough"]?.string.flatMap { Position($0) })
            }
        }
    }

    /// One resource. A problem of status 409 names the clouds to choose from.
    package func resource(
        _ reference: ResourceReference,
        cloud: String?
    ) async throws(ClientError) -> ResourceAnswer {
        var path = APIPath("resources", reference.type, reference.id)
        path.add("cloud", cloud)
        return try ResourceAnswer(json: try await get(path))
    }

    /// The last events of a resource, newest first.
    package func timeline(
        of reference: ResourceReference,
        cloud: String?,
        limit: Int
    ) async throws(ClientError) -> [JSONValue] {
        var path = APIPath("resources", reference.type, reference.id, "timeline")
        path.add("cloud", cloud)
        path.add("limit", limit)
        return try await get(path).list("events")
    }
}
