import Logging
package import Martlet
package import MartletClouds
import MartletJSON
import MartletKeystone
package import MartletPipeline
import Synchronization

/// Asks OpenStack's services for resources by their ids.
package final class OpenStackEnricher: EnricherType {
    package let cloud: String
    private let configuration: OpenStackConfiguration
    private let api: OpenStackAPI
    private let logger: Logger
    /// The collections of which it has been said that they are not permitted.
    private let refused = Mutex<Set<String>>([])

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try OpenStackConfiguration(settings)
        self.configuration = configuration
        cloud = configuration.cloud
        api = OpenStackAPI(
            configuration.keystone,
            timeout: configuration.policy.timeout,
            time: context.time,
            logger: context.logger
        )
        logger = context.logger
    }

    package func knows(_ type: String) -> Bool { OpenStackPath(of: type) != nil }

    package func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        guard let path = OpenStackPath(of: resource.type) else { return nil }
        do throws(OpenStackError) {
            return try await facts(of: resource, at: path)
        } catch {
            if error.code == .unknown { return nil }
            guard error.code == .notPermitted else { throw EnricherError(error.message, retryAfter: error.retryAfter) }
            // Said once: what one collection lacks must not keep the others from being asked.
            if refused.withLock({ $0.insert(path.collection).inserted }) {
                logger.warning(
                    "OpenStack does not let the enricher read a collection; what it would have told stays unknown.",
                    metadata: ["cloud": "\(cloud)", "collection": "\(path.collection)", "error": "\(error)"]
                )
            }
            return nil
        }
    }

    package func confirmedFacts(of resource: ResourceReference) async throws -> ResourceFacts? {
        guard let path = OpenStackPath(of: resource.type) else {
            throw EnricherError("OpenStack is not asked for resources of the type \(resource.type).")
        }
        do throws(OpenStackError) {
            return try await facts(of: resource, at: path)
        } catch {
            if error.code == .unknown { return nil }
            throw EnricherError(error.message, retryAfter: error.retryAfter)
        }
    }

    private func facts(
        of resource: ResourceReference,
        at path: OpenStackPath
    ) async throws(OpenStackError) -> ResourceFacts {
        OpenStackFacts.facts(of: resource, in: try await api.resource(resource.id, at: path))
    }

    package var inventory: (any ResourceInventory)? {
        OpenStackInventory(
            api.patient,
            allSeeingRoles: configuration.allSeeingRoles,
            listsKeyPairs: configuration.listsKeyPairs
        )
    }

    package var warning: String? { api.warning }

    package func close() async { await api.close() }
}
