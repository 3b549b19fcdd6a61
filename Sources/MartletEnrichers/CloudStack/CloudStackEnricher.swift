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
        try await facts(of: resource, passingByRefused: true)
    }

    package func confirmedFacts(of resource: ResourceReference) async throws -> ResourceFacts? {
        guard knows(resource.type) else {
            throw EnricherError("CloudStack is not asked for resources of the type \(resource.type).")
        }
        return try await facts(of: resource, passingByRefused: false)
    }

    /// One for each sync: it looks the accounts up anew.
    package var inventory: (any ResourceInventory)? { CloudStackInventory(api.patient, time: time) }

    package func close() async { await api.close() }

    /// - Parameter passingByRefused: whether a command that is not permitted counts as one that does not know the resource.
    private func facts(of resource: ResourceReference, passingByRefused: Bool) async throws -> ResourceFacts? {
        do throws(CloudStackError) {
            for command in CloudStackListCommand.commands(for: resource.type) {
                do throws(CloudStackError) {
                    guard let document = try await document(of: resource.id, by: command) else { continue }
                    return try await facts.facts(of: resource, in: document)
                } catch {
                    guard error.code == .notPermitted, passingByRefused else { throw error }
                    tell(error, of: command)
                }
            }
            return nil
        } catch {
            throw EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    /// What a command says of the resource; `nil` where there is none, or none that is shown to the keys' owner.
    private func document(of id: String, by command: CloudStackListCommand) async throws(CloudStackError) -> JSONValue?
    {
        do throws(CloudStackError) {
            return try await api.list(command, ["id": id]).resources.first { $0["id"]?.equals(id) == true }
        } catch {
            guard error.code == .unknown else { throw error }
            return nil
        }
    }

    /// Said once: what one command lacks must not keep the others from being asked.
    private func tell(_ refusal: CloudStackError, of command: CloudStackListCommand) {
        guard refused.withLock({ $0.insert(command.name).inserted }) else { return }
        logger.warning(
            "CloudStack does not let the enricher use a command; what it would have told stays unknown.",
            metadata: ["cloud": "\(cloud)", "command": "\(command.name)", "error": "\(refusal)"]
        )
    }
}
