package import Martlet
package import MartletJSON

/// Reads what an event tells of its resource, for the index at commit time.
///
/// Pure, as a format is. A reader belongs to a cloud's kind and reads what that cloud's format has decoded.
package protocol ResourceFactReader: Sendable {
    /// The facts in an event.
    ///
    /// - Parameter body: the parsed JSON of the event's payload, credentials already cut.
    /// - Returns: `nil` where the event is none of this reader's cloud, or tells nothing.
    func facts(of event: Event, body: JSONValue) -> ResourceFacts?
}
