import Martlet
import MartletPipeline

/// Reads the definitions of the model's replays, which are the numbers of their destinations.
final class ModelReplayDefinitions: ReplayDefinitionReader {
    private let destinations: [Int: ModelDestination]
    /// What the configuration says now.
    private let plans: Shared<[Int: ForwarderPlan]>

    init(_ plans: [Int: ForwarderPlan], to destinations: [Int: ModelDestination]) {
        self.plans = Shared(plans)
        self.destinations = destinations
    }

    func use(_ plans: [Int: ForwarderPlan]) { self.plans.change { $0 = plans } }

    static func definition(to destination: Int) -> [UInt8] { Array("\(destination)".utf8) }

    func outline(of definition: [UInt8]) throws(ReplayError) -> ReplayOutline {
        let (plan, _) = try find(definition)
        return ReplayOutline(forwarder: plan.name, sink: "model", filters: [])
    }

    func destination(for definition: [UInt8], name: String) throws(ReplayError) -> ReplayDestination {
        let (plan, destination) = try find(definition)
        // It ends in the number of the replay.
        guard let id = name.split(separator: "-").last.flatMap({ Int64($0) }) else {
            throw ReplayError(.invalid, "\(name) is no name of a replay.")
        }
        do {
            return try plan.replayDestination(ModelSink(plan, to: destination, replay: ReplayID(rawValue: id)))
        } catch {
            throw ReplayError(.invalid, "\(error)")
        }
    }

    func redacted(_ definition: [UInt8]) -> [UInt8] { definition }

    private func find(_ definition: [UInt8]) throws(ReplayError) -> (ForwarderPlan, ModelDestination) {
        guard let number = Int(String(decoding: definition, as: UTF8.self)), let plan = plans.now[number],
            let destination = destinations[number]
        else { throw ReplayError(.unknownForwarder, "It is not configured.") }
        return (plan, destination)
    }
}
