package import Martlet
import MartletClouds
import MartletJSON

/// What a sync found, as an event: like any other but for its mark, the extension attribute `origin` with the value `sync`.
///
/// Its topic is `<kind>.ResourceStateEvent.SYNC-<CREATE|CHANGE|DELETE>.<type>.<id>`, its type `martlet.sync.<found>`. It has no id
/// of its own, the store derives one: event and index are one commit, so that whoever repeats a sync finds nothing left to tell.
package struct SyncEvent: Sendable {
    package let event: Event

    /// - Parameter record: the resource as the index has it before.
    package init(
        _ observation: SyncObservation,
        _ comparison: SyncComparison,
        record: ResourceRecord?,
        origin: String
    ) {
        let subject = observation.subject
        let found = comparison.found
        var fields = Event.Fields(
            id: "",
            source: SyncMark.source(of: subject.cloud),
            type: SyncMark.typePrefix + found.rawValue,
            cloud: subject.cloud,
            topic: Topic(
                source: origin,
                category: Category.state.topicWord,
                type: SyncEvent.word(for: found),
                resource: subject.resource.type,
                id: subject.resource.id
            ),
            payload: Payload(json: SyncEvent.data(comparison)[...])
        )
        fields.category = .state
        fields.resource = subject.resource
        fields.dataContentType = "application/json"
        fields.time = SyncEvent.time(of: observation, found, record)
        let state = comparison.differences["state"]
        (fields.oldState, fields.newState) = (state?.from, state?.to)
        let owner = observation.facts.flatMap { $0.isOwnerConfirmed ? $0.ownerID : nil }
        fields.tenantID = owner ?? record?.tenantID
        fields.domainID = observation.facts?.domainID ?? record?.domainID
        fields.extensions[SyncMark.attribute] = .string(SyncMark.value)
        event = Event(fields: fields)
    }

    private static func word(for found: SyncFinding) -> String {
        switch found {
        case .created: "SYNC-CREATE"
        case .deleted: "SYNC-DELETE"
        case .changed, .unchanged, .newer: "SYNC-CHANGE"
        }
    }

    private static func data(_ comparison: SyncComparison) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("origin", SyncMark.value)
        writer.member("found", comparison.found.rawValue)
        writer.key("changes")
        comparison.differences.write(into: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// When it happened: the origin's own time where that is later than all that was known, else when the origin was asked. Never
    /// when it was committed: an event that is on its way meanwhile would be taken for stale.
    private static func time(
        of observation: SyncObservation,
        _ found: SyncFinding,
        _ record: ResourceRecord?
    ) -> Timestamp {
        guard found != .deleted, let details = observation.facts?.details, let time = OriginTime.updated(in: details),
            time <= observation.time, time > record?.updated ?? Timestamp(nanoseconds: .min)
        else { return observation.time }
        return time
    }
}

extension Event {
    /// Whether a sync found it.
    package var isSync: Bool { !fields.extensions.isEmpty && fields.extensions[SyncMark.attribute] == SyncMark.marked }
}
