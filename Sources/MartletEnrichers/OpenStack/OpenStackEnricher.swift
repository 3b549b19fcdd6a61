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
    private let api: OpenStackAPI
    private let logger: Logger
    /// The collections of which it has been said that they are not permitted.
    private let refused = Mutex<Set<String>>([])

    package init(settings: ComponentSettings, context: ComponentContext) throws {
        let configuration = try OpenStackConfiguration(settings)
        cloud = configuration.cloud
        api = OpenStackAPI(configuration.keystone, timeout: configuration.policy.timeout, time: context.time)
        logger = context.logger
    }

    package func knows(_ type: String) -> Bool { OpenStackPath(of: type) != nil }

    package func facts(of resource: ResourceReference) async throws -> ResourceFacts? {
        guard let path = OpenStackPath(of: resource.type) else { return nil }
        do throws(OpenStackError) {
            let document = try await api.resource(resource.id, at: path)
            return OpenStackFacts.facts(of: resource, in: document)
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

    package var inventory: (any ResourceInventory)? { OpenStackInventory(api.patient) }

    package func close() async { await api.close() }
}
