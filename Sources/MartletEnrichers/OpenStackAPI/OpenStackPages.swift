package import MartletJSON

/// The pages of a collection.
///
/// Where the resource is gone that the next page should begin behind, the list is read from its beginning again; so a resource
/// may come twice, but none is passed by.
package struct OpenStackPages: Sendable {
    /// How often a list is begun again, at the most.
    static let maximumRestarts = 3

    private let api: OpenStackAPI
    private let path: OpenStackPath
    private let size: Int
    /// What is still to be listed; `nil` before it is known.
    private var queries: ArraySlice<String>?
    /// The last resource of the page before.
    private var last: String?
    private var offset = 0
    private var restarts = 0
    private var isTruncated = false

    init(api: OpenStackAPI, path: OpenStackPath, size: Int) {
        self.api = api
        self.path = path
        self.size = size
        queries = path.listing.isByDomain ? nil : path.listing.queries[...]
    }

    /// The next page, never empty; `nil` behind the last one. What threw may be asked for again.
    package mutating func next() async throws(OpenStackError) -> [JSONValue]? {
        if queries == nil { queries = try await domainQueries() }
        while let query = queries?.first {
            guard let root = try await answer(to: query) else { continue }
            guard let list = root[path.listing.member], list.kind == .array else {
                throw OpenStackAnswer(service: path.service, path: path.listing.path).malformed
            }
            let page = Array(list.elements)
            let isNew = take(page, of: root)
            if isNew, !page.isEmpty { return page }
        }
        if isTruncated { throw truncation }
        return nil
    }

    /// What a query is answered; `nil` where it is to be asked from the beginning.
    private mutating func answer(to query: String) async throws(OpenStackError) -> JSONValue? {
        do throws(OpenStackError) {
            return try await api.get(path.listing.path, text(of: query), of: path.service)
        } catch {
            // Nova and Glance say 400, Cinder and Neutron 404.
            let isMarkerGone = last != nil && path.listing.paging != .offset
            guard isMarkerGone, [.invalid, .unknown].contains(error.code) else { throw error }
            last = nil
            restarts += 1
            guard restarts > Self.maximumRestarts else { return nil }
            restarts = 0
            throw OpenStackError(
                .failed,
                "\(error.message) What the next page begins behind was gone \(Self.maximumRestarts + 1) times."
            )
        }
    }

    private func text(of query: String) -> String {
        var parts = query.isEmpty ? [] : [query]
        switch path.listing.paging {
        case .marker: parts.append("limit=\(size)")
        case .offset: parts.append("limit=\(size)&offset=\(offset)")
        case .link: break
        }
        if path.listing.paging != .offset, let last { parts.append("marker=\(OpenStackPath.escape(last))") }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    /// Takes note of where the list goes on.
    ///
    /// - Returns: whether the page is another than the one before.
    private mutating func take(_ page: [JSONValue], of root: JSONValue) -> Bool {
        let behind = page.last?["id"]?.string
        // A service may give fewer than it was asked for. Neutron, where it is told to, knows no pages and gives all again.
        let isRepeated = last != nil && behind == last
        var goesOn = behind != nil && !isRepeated
        switch path.listing.paging {
        case .marker: goesOn = goesOn && page.count <= size
        case .offset: offset += page.count
        case .link:
            let hasMore = root["links"]?["next"]?.string != nil
            isTruncated = isTruncated || !hasMore && root["truncated"]?.boolean == true
            goesOn = goesOn && hasMore
        }
        last = goesOn ? behind : nil
        if !goesOn {
            queries?.removeFirst()
            offset = 0
        }
        return !isRepeated
    }

    /// A query for each domain that Keystone knows.
    private func domainQueries() async throws(OpenStackError) -> ArraySlice<String> {
        guard let domains = OpenStackPath(of: "Domain") else { return path.listing.queries[...] }
        var pages = api.pages(of: domains, size: size)
        var queries: [String] = []
        while let page = try await pages.next() {
            queries += page.compactMap { $0["id"]?.string }.map { "domain_id=\(OpenStackPath.escape($0))" }
        }
        return queries[...]
    }

    private var truncation: OpenStackError {
        OpenStackError(
            .truncated,
            "Keystone cuts the list of \(path.collection) off: raise list_limit in its keystone.conf, or take it out."
        )
    }
}
