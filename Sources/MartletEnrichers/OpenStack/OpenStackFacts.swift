import Martlet
import MartletClouds
import MartletJSON

/// Makes facts of what a service says of a resource, whether it was asked for that one or for all of its type.
enum OpenStackFacts {
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
