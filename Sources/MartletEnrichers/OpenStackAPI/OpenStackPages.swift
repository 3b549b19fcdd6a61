package import MartletJSON

/// The pages of a collection.
///
/// Where the resource is gone that the next page should begin behind, the list is read from its beginning again; so a resource
/// may come twice, but none is passed by.
package struct OpenStackPages: Sendable {
    /// How often a list is begun again, at the most.
    static let maximumRestarts = 3

    /// Lists without anything that are asked for in one go, at the most.
    private static let maximumEmptyLists = 100

    /// A list that is to be asked for.
    private struct Query: Sendable {
        var text: String
        /// Whose resources it holds, where it is one user's.
        var user: String?
    }

    private let api: OpenStackAPI
    private let path: OpenStackPath
    private let size: Int
    /// What is still to be listed; `nil` before it is known.
    private var queries: ArraySlice<Query>?
    /// The last resource of the page before.
    private var last: String?
    private var offset = 0
    private var restarts = 0
    private var isTruncated = false

    init(api: OpenStackAPI, path: OpenStackPath, size: Int) {
        self.api = api
        self.path = path
        self.size = size
        queries = path.listing.scope == .everybody ? path.listing.queries.map { Query(text: $0) }[...] : nil
    }

    /// The next page, empty where many lists had nothing; `nil` behind the last one. What threw may be asked for again.
    package mutating func next() async throws(OpenStackError) -> [JSONValue]? {
        if queries == nil { queries = try await scopedQueries() }
        var emptyLists = 0
        while let query = queries?.first {
            guard let root = try await answer(to: query.text) else { continue }
            guard let list = root[path.listing.member], list.kind == .array else {
                throw OpenStackAnswer(service: path.service, path: path.listing.path).malformed
            }
            let page =
                query.user.map { user in list.elements.compactMap { keyPair($0, of: user) } } ?? Array(list.elements)
            let isNew = take(page, of: root)
            if isNew, !page.isEmpty { return page }
            emptyLists += 1
            // A failure later on does not have all of them asked for again.
            if emptyLists == Self.maximumEmptyLists { return [] }
        }
        if isTruncated { throw truncation }
        return nil
    }

    /// What a query is answered; `nil` where it is to be asked from the beginning.
    private mutating func answer(to query: String) async throws(OpenStackError) -> JSONValue? {
        do throws(OpenStackError) {
            return try await api.get(path.listing.path, text(of: query), of: path)
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
        case .link, .whole: break
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
        case .whole: goesOn = false
        }
        last = goesOn ? behind : nil
        if !goesOn {
            queries?.removeFirst()
            offset = 0
        }
        return !isRepeated
    }

    /// A query for each domain, or for each user, that Keystone knows.
    private func scopedQueries() async throws(OpenStackError) -> ArraySlice<Query> {
        let isByUser = path.listing.scope == .user
        guard let owners = OpenStackPath(of: isByUser ? "User" : "Domain") else { return [] }
        let name = isByUser ? "user_id" : "domain_id"
        var pages = api.pages(of: owners, size: size)
        var queries: [Query] = []
        while let page = try await pages.next() {
            for id in page.compactMap({ owners.id(of: $0) }) {
                queries.append(Query(text: "\(name)=\(OpenStackPath.escape(id))", user: isByUser ? id : nil))
            }
        }
        return queries[...]
    }

    /// A key pair as Nova answers it where it is asked for that one: a list wraps it, and does not say whose it is.
    private func keyPair(_ element: JSONValue, of user: String) -> JSONValue? {
        guard let pair = element[path.member ?? ""], pair.kind == .object else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("user_id")
        writer.string(user)
        for member in pair.members where member.key != "user_id" {
            writer.key(member.key)
            writer.raw(member.value.bytes)
        }
        writer.endObject()
        return try? JSONDocument(parsing: writer.bytes).root
    }

    private var truncation: OpenStackError {
        OpenStackError(
            .truncated,
            "Keystone cuts the list of \(path.collection) off: raise list_limit in its keystone.conf, or take it out."
        )
    }
}
