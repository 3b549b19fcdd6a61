import Martlet
import MartletClouds
import MartletPipeline
import Synchronization

/// An enricher that answers as it is told and remembers what it was asked.
final class ScriptedEnricher: Enricher {
    let cloud: String
    private let types: Set<String>
    private let answer: @Sendable (ResourceReference, Int) async throws -> ResourceFacts?
    private let asked = Mutex<[String]>([])
    private let closings = Mutex(0)

    init(
        cloud: String = "c",
        types: Set<String> = ["VirtualMachine"],
        answer: @escaping @Sendable (ResourceReference, Int) async throws -> ResourceFacts?
    ) {
        self.cloud = cloud
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

    func close() async { closings.withLock { $0 += 1 } }

    /// How often it was closed.
    var closed: Int { closings.withLock { $0 } }

    var member: EnrichmentMember { EnrichmentMember(name: "scripted", enricher: self, policy: EnricherPolicy()) }
}
