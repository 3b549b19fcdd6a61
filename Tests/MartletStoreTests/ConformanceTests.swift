import MartletTesting
import Testing

@testable import MartletStore

struct ConformanceTests {
    @Test(arguments: EventStoreConformance.Clause.all)
    func `the store keeps the contract`(_ clause: EventStoreConformance.Clause) async throws {
        try await EventStoreConformance().run(clause)
    }

    @Test(arguments: EventStoreConformance.Clause.all)
    func `the store keeps the contract with room for hardly any fragment`(
        _ clause: EventStoreConformance.Clause
    ) async throws {
        var options = StoreOptions.forTests
        options.fragmentCapacity = 1
        try await EventStoreConformance(options: options).run(clause)
    }

    @Test(arguments: EventStoreConformance.Clause.index)
    func `the index keeps the contract when all names collide`(_ clause: EventStoreConformance.Clause) async throws {
        var options = StoreOptions.forTests
        options.resourceHash = { _ in (1 << 62) - 1 }
        options.cachedResources = 2
        try await EventStoreConformance(options: options).run(clause)
    }

    @Test(arguments: EventStoreConformance.Clause.all)
    func `the store in memory, the model of this one, keeps the contract`(
        _ clause: EventStoreConformance.Clause
    ) async throws {
        try await EventStoreConformance { try await $0(InMemoryEventStore()) }.run(clause)
    }
}
