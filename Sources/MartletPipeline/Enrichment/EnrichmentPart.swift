/// One of a configuration's enrichers: it asks, or it is a table.
package enum EnrichmentPart: Sendable {
    case member(EnrichmentMember)
    case lookup(LookupTable)

    var member: EnrichmentMember? { if case .member(let member) = self { member } else { nil } }
    var table: LookupTable? { if case .lookup(let table) = self { table } else { nil } }
}
