import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// Makes facts of what a service says of a resource, whether it was asked for that one or for all of its type.
enum OpenStackFacts {
    /// A resource of a list; `nil` where it has no id.
    static func listed(_ document: JSONValue, of type: String, at path: OpenStackPath) -> ListedResource? {
        guard let id = path.id(of: document) else { return nil }
        let resource = ResourceReference(type: type, id: id)
        return ListedResource(resource: resource, facts: facts(of: resource, in: document))
    }

    /// - Parameter document: the resource as its service answers it.
    static func facts(of resource: ResourceReference, in document: JSONValue) -> ResourceFacts {
        var facts = ResourceFacts()
        facts.readOpenStack(document, of: resource)
        // Answers hold passwords of machines.
        let details = Credentials.cut(from: document.bytes) ?? document.bytes
        facts.details = Array(details)[...]
        return facts
    }
}
