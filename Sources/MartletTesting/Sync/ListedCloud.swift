package import Martlet
package import MartletClouds
package import MartletPipeline
import Synchronization

/// A stand-in of a cloud's API: resources in memory, listed page by page and asked for one by one, with faults as the test wants
/// them.
package final class ListedCloud: Enricher, ResourceInventory {
    /// What is about to be answered.
    package enum Question: Sendable, Hashable {
        /// A page, counted from 1.
        case page(type: String, number: Int)
        case resource(ResourceReference)
    }

    private struct State {
        var resources: [String: [(id: String, facts: ResourceFacts)]] = [:]
        /// Those that are listed no more, though the origin still knows them by themselves.
        var hidden: Set<ResourceReference> = []
        var questions: [Question] = []
        var warning: String?
    }

    package let cloud: String
    package let types: [String]
    private let pageSize: Int
    private let before: @Sendable (Question) async throws -> Void
    private let state = Mutex(State())

    /// - Parameter before: waited for before each answer; what it throws is the answer.
    package init(
        cloud: String = "c",
        types: [String] = ["VirtualMachine", "Volume"],
        pageSize: Int = 2,
        before: @escaping @Sendable (Question) async throws -> Void = { _ in }
    ) {
        self.cloud = cloud
        self.types = types
        self.pageSize = pageSize
        self.before = before
    }

    package var inventory: (any ResourceInventory)? { self }
    package var warning: String? { state.withLock { $0.warning } }
    package var questions: [Question] { state.withLock { $0.questions } }

    /// Has the cloud have a resource, or have another of its id.
    package func set(_ id: String, type: String = "VirtualMachine", _ change: (inout ResourceFacts) -> Void = { _ in })
    {
        var facts = ResourceFacts()
        change(&facts)
        let new = facts
        state.withLock { state in
            var resources = state.resources[type] ?? []
            resources.removeAll { $0.id == id }
            resources.append((id, new))
            state.resources[type] = resources.sorted { $0.id < $1.id }
        }
    }

    /// Has something be wrong though it answers.
    package func warn(_ warning: String?) { state.withLock { $0.warning = warning } }

    /// Has the cloud have a resource no more.
    package func remove(_ id: String, type: String = "VirtualMachine") {
        state.withLock { state in state.resources[type]?.removeAll { $0.id == id } }
    }

    /// Has the cloud list a resource no more, though it has it.
    package func hide(_ id: String, type: String = "VirtualMachine") {
        state.withLock { _ = $0.hidden.insert(ResourceReference(type: type, id: id)) }
    }

    package func knows(_ type: String) -> Bool { types.contains(type) }

    package func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        state.withLock { $0.questions.append(.resource(resource)) }
        try await before(.resource(resource))
        return state.withLock { $0.resources[resource.type]?.first { $0.id == resource.id }?.facts }
    }

    package func close() async {}

    package func pages(of type: String) -> any ResourcePages { Pages(cloud: self, type: type) }

    private struct Pages: ResourcePages {
        let cloud: ListedCloud
        let type: String
        var number = 0
        var last: String?

        mutating func next() async throws -> [ListedResource]? {
            let page = try await cloud.page(number + 1, of: type, after: last)
            guard let end = page.last else { return nil }
            number += 1
            last = end.resource.id
            return page
        }
    }

    private func page(_ number: Int, of type: String, after id: String?) async throws -> [ListedResource] {
        let question = Question.page(type: type, number: number)
        state.withLock { $0.questions.append(question) }
        try await before(question)
        return state.withLock { state in
            let resources = (state.resources[type] ?? []).filter { resource in
                resource.id > id ?? "" && !state.hidden.contains(ResourceReference(type: type, id: resource.id))
            }
            return resources.prefix(pageSize).map {
                ListedResource(resource: ResourceReference(type: type, id: $0.id), facts: $0.facts)
            }
        }
    }
}
