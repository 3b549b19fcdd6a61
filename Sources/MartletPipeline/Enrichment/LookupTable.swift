/// A table of the operator's own, of which a row is joined beside a resource's document as that leaves: the cost centre of a
/// project. A value: a changed table is another one.
package struct LookupTable: Sendable, Hashable {
    /// What of a resource a row is looked up by.
    package enum Key: Sendable, Hashable {
        case id, name, cloud, tenantID, domainID
        /// The resource that it is tied to in this way: its `zone`.
        case relation(String)
    }

    package let key: Key
    /// By the key's value, what is joined.
    package let rows: [String: [String: String]]
    /// The clouds whose resources are looked up; `nil` for all.
    package let clouds: Set<String>?
    /// To whom the columns are shown.
    package let audience: Audience

    package init(
        key: Key,
        rows: [String: [String: String]],
        clouds: Set<String>? = nil,
        audience: Audience = .admin
    ) {
        self.key = key
        self.rows = rows
        self.clouds = clouds
        self.audience = audience
    }

    /// What is joined to a resource; nothing where the table does not have it.
    func columns(for record: ResourceRecord) -> [String: LookupValue] {
        guard clouds?.contains(record.cloud) ?? true, let value = value(of: record), let row = rows[value] else {
            return [:]
        }
        return row.mapValues { LookupValue(text: $0, audience: audience) }
    }

    private func value(of record: ResourceRecord) -> String? {
        switch key {
        case .id: record.id
        case .name: record.name
        case .cloud: record.cloud
        case .tenantID: record.tenantID
        case .domainID: record.domainID
        case .relation(let kind): record.relations[kind]?.last
        }
    }
}

/// What a table says in one column.
package struct LookupValue: Sendable, Hashable {
    package var text: String
    /// To whom it is shown.
    package var audience: Audience

    package init(text: String, audience: Audience = .admin) {
        self.text = text
        self.audience = audience
    }
}
