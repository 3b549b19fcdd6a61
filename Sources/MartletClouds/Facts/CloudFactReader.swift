package import Martlet
package import MartletJSON

/// Reads what an event tells of its resource, of whichever cloud's kind it is.
package struct CloudFactReader: ResourceFactReader {
    private let cloudStack = CloudStackFactReader()
    private let openStack = OsloFactReader()
    private let sync = SyncFactReader()

    package init() {}

    package func facts(of event: Event, body: JSONValue) -> ResourceFacts? {
        sync.facts(of: event, body: body) ?? cloudStack.facts(of: event, body: body)
            ?? openStack.facts(of: event, body: body)
    }
}
