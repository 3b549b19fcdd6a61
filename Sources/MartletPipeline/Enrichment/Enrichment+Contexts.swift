import Martlet
import MartletClouds
import Synchronization

// What leaves beside a resource's document.

extension Enrichment {
    /// What stands beside each of these records; those of which nobody says anything have nothing.
    ///
    /// - Throws: ``StoreError`` where the index cannot be read.
    package func contexts(of records: [ResourceKey: ResourceRecord]) async throws -> [ResourceKey: ResourceContext] {
        let lookups = lookups
        var contexts: [ResourceKey: ResourceContext] = [:]
        for (key, record) in records where hasEnrichers(for: record.cloud) || !lookups.isEmpty {
            var context = ResourceContext(enrichment: state(of: record))
            // The earlier table's word counts.
            for table in lookups { context.lookup.merge(table.columns(for: record)) { first, _ in first } }
            if hasEnrichers(for: record.cloud) {
                for (field, subject) in record.namedByID {
                    if let name = try await name(of: subject) {
                        context.names[field, default: [:]][subject.resource.id] = name
                    }
                }
            }
            contexts[key] = context
        }
        return contexts
    }

    private func name(of subject: ResourceSubject) async throws -> String? {
        let now = time.now
        if let known = names.withLock({ $0.name(of: subject, now: now) }) { return known }
        // CloudStack has projects for owners, too.
        let types = subject.resource.type == "Account" ? ["Account", "Project"] : [subject.resource.type]
        var found: String?
        do {
            for type in types where found == nil {
                found = try await store.resources(type: type, id: subject.resource.id, cloud: subject.cloud).first?.name
            }
        } catch let error as StoreError where error.code == .damaged {
            // The record that it stands beside is whole, and is not held up for a name. The store has reported the damage.
        }
        names.withLock { [found] in $0.remember(found, of: subject, now: now) }
        return found
    }
}

extension ResourceRecord {
    /// The resources that the document names by their ids, each with the field or the kind of relation it does so under.
    fileprivate var namedByID: [(field: String, subject: ResourceSubject)] {
        var subjects: [(String, ResourceSubject)] = []
        func add(_ field: String, _ type: String, _ id: String) {
            let resource = ResourceReference(type: type, id: id)
            subjects.append((field, ResourceSubject(cloud: cloud, resource: resource)))
        }
        if let tenantID { add("tenantid", "Account", tenantID) }
        if let domainID { add("domainid", "Domain", domainID) }
        for (kind, ids) in relations {
            guard let type = RelationKinds.resourceType(of: kind) else { continue }
            for id in ids { add(kind, type, id) }
        }
        return subjects
    }
}
