import Martlet
import MartletClouds
import MartletPipeline
import Synchronization

/// An enricher that answers as it is told and remembers what it was asked.
final class ScriptedEnricher: Enricher {
    let cloud = "c"
    private let types: Set<String>
    private let answer: @Sendable (ResourceReference, Int) async throws -> ResourceFacts?
    private let asked = Mutex<[String]>([])

    init(
        types: Set<String> = ["VirtualMachine"],
        answer: @escaping @Sendable (ResourceReference, Int) async throws -> ResourceFacts?
    ) {
        self.types = types
        self.answer = answer
    }

    var questions: [String] { asked.withLock { $0 } }

    func knows(_ type: String) -> Bool { types.contains(type) }

    func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        let number = asked.withLock { asked in
            asked.append(resource.id)
            return asked.count
        }
        return try await answer(resource, number)
    }

    func close() async {}

    var member: EnrichmentMember { EnrichmentMember(name: "scripted", enricher: self, policy: EnricherPolicy()) }
}
