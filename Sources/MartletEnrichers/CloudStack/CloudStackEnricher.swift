import Logging
package import Martlet
package import MartletClouds
import MartletJSON
package import MartletPipeline
import Synchronization

/// Asks CloudStack's API for resources by their ids.
package final class CloudStackEnricher: EnricherType {
    package let cloud: String
    private let api: CloudStackAPI
    private let facts: CloudStackFacts
    private let time: any TimeSource
    private let logger: Logger
    /// The commands of which it has been said that they are not permitted.
    private let refused = Mutex<Set<String>>([])

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try CloudStackConfiguration(settings)
        cloud = configuration.cloud
        api = CloudStackAPI(configuration.api, time: context.time)
        let owners = CloudStackOwners(api, time: context.time, lifetime: configuration.policy.lifetime)
        facts = CloudStackFacts(owners: owners)
        time = context.time
        logger = context.logger
    }

    package func knows(_ type: String) -> Bool { !CloudStackListCommand.commands(for: type).isEmpty }

    package func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        do throws(CloudStackError) {
            for command in CloudStackListCommand.commands(for: resource.type) {
                guard let document = try await document(of: resource.id, by: command) else { continue }
                return try await facts.facts(of: resource, in: document)
            }
            return nil
        } catch {
            throw EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    /// One for each sync: it looks the accounts up anew.
    package var inventory: (any ResourceInventory)? { CloudStackInventory(api.patient, time: time) }

    package func close() async { await api.close() }

    /// What a command says of the resource; `nil` where there is none, or none that is shown to the keys' owner.
    private func document(of id: String, by command: CloudStackListCommand) async throws(CloudStackError) -> JSONValue?
    {
        do throws(CloudStackError) {
            return try await api.list(command, ["id": id]).resources.first { $0["id"]?.equals(id) == true }
        } catch {
            if error.code == .unknown { return nil }
            guard error.code == .notPermitted else { throw error }
            // Said once: what one command lacks must not keep the others from being asked.
            if refused.withLock({ $0.insert(command.name).inserted }) {
                logger.warning(
                    "CloudStack does not let the enricher use a command; what it would have told stays unknown.",
                    metadata: ["cloud": "\(cloud)", "command": "\(command.name)", "error": "\(error)"]
                )
            }
            return nil
        }
    }
}
