package import Martlet

/// A day of a small CloudStack zone, in CloudStack's own messages, in the order in which they are published.
///
/// Four tenants move in and run machines; a host fails, another has no memory left, snapshots are taken, machines are
/// destroyed and taken back. What a real cloud's bus does too is in it once each: a stretch of lost messages, a session key
/// in a job, a body that is cut off, an event type of a plug-in that nobody has heard of.
///
/// The same seed and the same start make the same day, byte by byte.
package struct DemoDay: Sequence, Sendable {
    package let messages: [DemoMessage]

    /// - Parameters:
    ///   - start: midnight where the cloud is.
    ///   - minutesEastOfUTC: the zone of the cloud's clocks, which its messages are written in; 330 is `+0530`.
    package init(seed: UInt64, start: Timestamp, minutesEastOfUTC: Int = 330) {
        var story = Story(seed: seed, clock: DayClock(start: start, minutesEastOfUTC: minutesEastOfUTC))
        story.tell()
        messages = story.messages
    }

    package func makeIterator() -> IndexingIterator<[DemoMessage]> { messages.makeIterator() }
}
