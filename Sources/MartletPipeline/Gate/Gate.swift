import Martlet
package import MartletJSON

/// The one gate: everything that leaves, by a sink, a query, a stream or a dead letter, is made here (promise 9).
package struct Gate: Sendable {
    package let protection: Protection

    package init(_ protection: Protection = .none) { self.protection = protection }

    /// An event as it leaves.
    ///
    /// - Parameters:
    ///   - stored: the event as the log holds it.
    ///   - resource: its resource as the index knows it now, for the enriched form.
    ///   - context: what stands beside the resource's document.
    ///   - form: what is sent.
    ///   - isReplay: whether it is marked as part of a replay.
    package func render(
        _ stored: StoredEvent,
        resource: ResourceRecord?,
        context: ResourceContext = ResourceContext(),
        as form: BodyForm,
        isReplay: Bool = false
    ) -> OutgoingEvent {
        let event = protect(isReplay ? stored.event.with { $0.isReplay = true } : stored.event)
        switch form {
        case .original:
            return OutgoingEvent(event: event, body: Array(original(of: event)), form: form)
        case .event, .enriched:
            var writer = JSONWriter(reservingCapacity: 1_024 + event.payload.original.count)
            write(event, stored, resource, context, as: form, into: &writer)
            return OutgoingEvent(event: event, body: writer.bytes, form: form)
        }
    }

    /// Writes an event as a JSON value, for pages of events.
    package func write(
        _ stored: StoredEvent,
        resource: ResourceRecord?,
        as form: BodyForm,
        into writer: inout JSONWriter
    ) {
        let event = protect(stored.event)
        if form == .original {
            let bytes = original(of: event)
            switch event.payload.content {
            // What is no JSON is a string in a page of JSON.
            case .binary: writer.string(String(decoding: bytes, as: UTF8.self))
            case .absent where bytes.isEmpty: writer.null()
            case .absent, .json, .base64: writer.raw(bytes)
            }
        } else {
            write(event, stored, resource, ResourceContext(), as: form, into: &writer)
        }
    }

    /// A resource as the API and the enriched form show it.
    package func write(
        _ record: ResourceRecord,
        context: ResourceContext = ResourceContext(),
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("type", record.type)
        writer.member("id", record.id)
        writer.member("cloud", record.cloud)
        // What is not known is said to be so: a reader need not tell a missing member from a misspelled one.
        for (name, value) in [
            ("state", record.state), ("tenantid", record.tenantID), ("updated", record.updated?.description),
        ] where !isHidden(name) {
            writer.key(name)
            if let value { writer.string(value) } else { writer.null() }
        }
        writer.member("position", record.position.description)
        writer.key("document")
        writer.raw(protect(json: record.makeDocument()[...]) ?? ArraySlice("null".utf8))
        write(context, into: &writer)
        writer.endObject()
    }

    private func write(_ context: ResourceContext, into writer: inout JSONWriter) {
        if let enrichment = context.enrichment { writer.member("enrichment", enrichment.rawValue) }
        // A name is shown where the id is that it stands for.
        let names = context.names.filter { !isHidden($0.key) && !isHidden("relations.\($0.key)", key: $0.key) }
        guard !names.isEmpty else { return }
        writer.key("names")
        writer.beginObject()
        for (field, names) in names.sorted(by: { $0.key < $1.key }) {
            writer.key(field)
            writer.beginObject()
            for (id, name) in names.sorted(by: { $0.key < $1.key }) {
                writer.key(id)
                writer.string(name)
            }
            writer.endObject()
        }
        writer.endObject()
    }

    private func write(
        _ event: Event,
        _ stored: StoredEvent,
        _ resource: ResourceRecord?,
        _ context: ResourceContext,
        as form: BodyForm,
        into writer: inout JSONWriter
    ) {
        guard form == .enriched else {
            CloudEventEncoder().encode(event, data: .payload, into: &writer)
            return
        }
        var data = JSONWriter(reservingCapacity: 512 + event.payload.original.count)
        data.beginObject()
        data.key("original")
        if let json = event.payload.json {
            data.raw(json)
        } else if let base64 = event.payload.base64 {
            data.string(String(decoding: base64, as: UTF8.self))
        } else if case .binary = event.payload.content {
            data.string(String(decoding: event.payload.original, as: UTF8.self))
        } else {
            data.null()
        }
        data.key("resource")
        if let resource { write(resource, context: context, into: &data) } else { data.null() }
        data.key("changes")
        if let changes = stored.changes.flatMap({ protect(json: $0) }) { data.raw(changes) } else { data.null() }
        data.endObject()
        CloudEventEncoder().encode(event, data: .json(data.bytes[...]), into: &writer)
    }

    /// The bytes that came in; those of an event whose data was protected are its data's.
    private func original(of event: Event) -> Bytes { event.payload.original }

    /// The event without the attributes and fields that may not be seen.
    private func protect(_ event: Event) -> Event {
        guard !protection.isEmpty else { return event }
        return event.with { fields in
            for name in fields.extensions.keys where isHidden(name) { fields.extensions[name] = nil }
            if isHidden("tenantid") { fields.tenantID = nil }
            if isHidden("domainid") { fields.domainID = nil }
            if isHidden("actorid") { fields.actorID = nil }
            if isHidden("operationid") { fields.operationID = nil }
            if isHidden("oldstate") { fields.oldState = nil }
            if isHidden("newstate") { fields.newState = nil }
            if isHidden("region") { fields.region = nil }
            guard let json = fields.payload.json, let shown = protect(json: json) else {
                // What is no JSON has no fields to look at, and nothing of it is shown.
                fields.payload = Payload(original: [], content: .absent)
                return
            }
            fields.payload = Payload(json: shown)
        }
    }

    private func isHidden(_ attribute: String) -> Bool { isHidden(attribute, key: attribute) }

    private func isHidden(_ path: String, key: String) -> Bool {
        if case .shown = protection.verdict(path: path, key: key) { false } else { true }
    }

    private func protect(json bytes: Bytes) -> Bytes? {
        protection.isEmpty ? bytes : FieldProtector(protection).protect(bytes)
    }
}
