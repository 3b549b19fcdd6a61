package import Martlet

/// A resource by its name: cloud, type and id, whether the index has it or not.
package struct ResourceSubject: Sendable, Hashable {
    package var cloud: String
    package var resource: ResourceReference

    package init(cloud: String, resource: ResourceReference) {
        self.cloud = cloud
        self.resource = resource
    }

    /// The resource of an event, if it has one.
    package init?(_ event: Event) {
        guard let resource = event.resource else { return nil }
        self.init(cloud: event.cloud, resource: resource)
    }
}
