/// What is asked of a sync.
package struct SyncRequest: Sendable, Hashable {
    /// Events a second, where nothing is said.
    package static let defaultRate = 100

    /// The kind of the enricher, `openstack` or `cloudstack`.
    package var kind: String
    /// `nil` where there is one cloud of the kind only.
    package var cloud: String?
    /// The types of resources to be read; empty for all that can be listed.
    package var types: [String]
    /// Whether it only tells what differs.
    package var isDry: Bool
    /// Events a second, at the most; `nil` for as fast as they are committed.
    package var rate: Int?
    /// Whether resources are taken for deleted though most of their type are missing.
    package var acceptsDeletions: Bool

    package init(
        kind: String,
        cloud: String? = nil,
        types: [String] = [],
        isDry: Bool = false,
        rate: Int? = SyncRequest.defaultRate,
        acceptsDeletions: Bool = false
    ) {
        self.kind = kind
        self.cloud = cloud
        self.types = types
        self.isDry = isDry
        self.rate = rate
        self.acceptsDeletions = acceptsDeletions
    }
}

/// A sync's number within the life of a server.
package struct SyncID: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }

    package static func < (left: SyncID, right: SyncID) -> Bool { left.rawValue < right.rawValue }

    package var description: String { String(rawValue) }
}

/// Why something is not done with a sync.
package struct SyncError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The request is wrong; `field` says where.
        case invalid
        case unknown
        /// The configuration has nobody who could be asked.
        case noEnricher
        /// Another one of the cloud runs, or this one has ended.
        case conflict
        case stopped
    }

    package var code: Code
    /// What is wrong and what would help.
    package var reason: String
    /// The member of the request that is wrong.
    package var field: String?

    package init(_ code: Code, _ reason: String, field: String? = nil) {
        self.code = code
        self.reason = reason
        self.field = field
    }

    package var description: String { reason }
}
