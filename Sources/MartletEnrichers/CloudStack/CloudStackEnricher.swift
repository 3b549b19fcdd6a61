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
    private let owners: CloudStackOwners
    private let logger: Logger
    /// The commands of which it has been said that they are not permitted.
    private let refused = Mutex<Set<String>>([])

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try CloudStackConfiguration(settings)
        cloud = configuration.cloud
        api = CloudStackAPI(configuration.api, time: context.time)
        owners = CloudStackOwners(api, time: context.time, lifetime: configuration.policy.lifetime)
        logger = context.logger
    }

    package func knows(_ type: String) -> Bool { !CloudStackListCommand.commands(for: type).isEmpty }

    package func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        do throws(CloudStackError) {
            for command in CloudStackListCommand.commands(for: resource.type) {
                guard let document = try await document(of: resource.id, by: command) else { continue }
                return try await facts(of: resource, in: document)
            }
            return nil
        } catch {
            throw EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    package func close() async { await api.close() }

    /// What a command says of the resource; `nil` where there is none, or none that is shown to the keys' owner.
    private func document(of id: String, by command: CloudStackListCommand) async throws(CloudStackError) -> JSONValue?
    {
        do throws(CloudStackError) {
            return try await api.list(command, ["id": id]).first { $0["id"]?.equals(id) == true }
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

    private func facts(of resource: ResourceReference, in document: JSONValue) async throws(CloudStackError)
        -> ResourceFacts
    {
        var facts = ResourceFacts()
        facts.readCloudStack(document, of: resource)
        // Answers hold keys of users and passwords of machines.
        let details = Credentials.cut(from: document.bytes) ?? document.bytes
        facts.details = Array(details)[...]
        switch resource.type {
        case "Account", "Project":
            // A project's `displaytext` is its description.
            facts.displayName = nil
            (facts.ownerID, facts.isOwnerConfirmed) = (resource.id, true)
            if let name = document["name"]?.string, let domain = facts.domainID, resource.type == "Account" {
                owners.remember(resource.id, of: CloudStackOwners.Name(account: name, domainID: domain))
            }
        case "User": facts.name = facts.name ?? document["username"]?.string
        case "IpAddress": facts.name = facts.name ?? document["ipaddress"]?.string
        default: break
        }
        if !facts.isOwnerConfirmed, let account = document["account"]?.string, let domain = facts.domainID,
            let id = try await owners.id(of: CloudStackOwners.Name(account: account, domainID: domain))
        {
            (facts.ownerID, facts.isOwnerConfirmed) = (id, true)
        }
        return facts
    }
}
