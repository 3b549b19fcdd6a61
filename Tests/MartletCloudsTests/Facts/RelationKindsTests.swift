import Testing

@testable import MartletClouds

/// What documents name by an id alone is looked up by its type: a type that is spelt otherwise is never found.
@Suite struct RelationKindsTests {
    /// The types that the formats give to resources.
    private static let types: Set<String> = {
        let openStack = openStackNouns.description.split(separator: "\n").map { String($0.split(separator: " ")[2]) }
        let cloudStack = EventCatalogue.cloudStack.names.compactMap {
            EventCatalogue.cloudStack.entry(of: $0.utf8)?.resourceType
        }
        // Alerts and bodies name these, and no event is about them.
        return Set(openStack + cloudStack + ["Iso", "Vpc"])
    }()

    @Test func `every kind of relation that a reader makes leads to resources of its type`() {
        for kind in ResponseRelations.kinds.union(OsloRelations.kinds) {
            #expect(RelationKinds.resourceType(of: kind)?.lowercased() == kind, "\(kind)")
        }
    }

    @Test func `the types are spelt as the formats spell them`() {
        for type in RelationKinds.all { #expect(Self.types.contains(type), "\(type)") }
        #expect(RelationKinds.resourceType(of: "sshkeypair") == "SSHKeyPair")
        #expect(RelationKinds.resourceType(of: "keypair") == nil)
    }
}
