import MartletJSON

/// What a notification tells of the request that caused it.
struct RequestContext {
    private let root: JSONValue
    /// The one object of the Kafka driver.
    private let object: JSONValue?

    init(_ root: JSONValue) {
        self.root = root
        object = root["_context"].flatMap { $0.kind == .object ? $0 : nil }
    }

    var requestID: String? { first("_context_request_id", "request_id") }

    var userID: String? { first("_context_user_id", "user_id") ?? first("_context_user", "user") }

    var projectID: String? {
        first("_context_project_id", "project_id") ?? first("_context_project", "project")
            ?? first("_context_tenant", "tenant") ?? first("_context_tenant_id", "tenant_id")
    }

    /// The domain of the project that the request was made for.
    var projectDomainID: String? {
        first("_context_project_domain_id", "project_domain_id") ?? first("_context_project_domain", "project_domain")
    }

    private func first(_ flat: StaticString, _ nested: StaticString) -> String? {
        root[flat]?.identifier ?? object?[nested]?.identifier
    }
}

extension RequestContext {
    /// The members of a context that are kept; all others are cut before the commit.
    static let keptNames: Set<String> = [
        "request_id", "global_request_id", "user", "user_id", "project", "project_id", "tenant", "tenant_id",
        "domain", "domain_id", "user_domain", "user_domain_id", "project_domain", "project_domain_id",
        "resource_uuid",
    ]

    static func keeps(_ name: Bytes) -> Bool { kept.contains(name) }

    /// Told apart by length first: few names have the same.
    private static let kept = NamesByLength(keptNames)
}

/// A set of names that is asked for bytes, so that no string is made.
private struct NamesByLength {
    private let names: [[Bytes]]

    init(_ names: Set<String>) {
        let longest = names.map(\.utf8.count).max() ?? 0
        self.names = (0...longest).map { length in
            names.filter { $0.utf8.count == length }.sorted().map { Array($0.utf8)[...] }
        }
    }

    func contains(_ name: Bytes) -> Bool {
        let length = name.count
        return length < names.count && names[length].contains { $0.equals(name) }
    }
}
