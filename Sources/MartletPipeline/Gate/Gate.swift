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
        let marked = isReplay ? stored.event.with { $0.isReplay = true } : stored.event
        let view = view(of: stored, resource)
        let event = view?.protect(marked) ?? marked
        switch form {
        case .original:
            return OutgoingEvent(event: event, body: Array(original(of: event)), form: form)
        case .event, .enriched:
            let document = form == .enriched ? 512 + (resource?.details?.count ?? 0) : 0
            var writer = JSONWriter(reservingCapacity: 1_024 + event.payload.original.count + document)
            write(event, stored, resource, context, view, as: form, into: &writer)
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
        let view = view(of: stored, resource)
        let event = view?.protect(stored.event) ?? stored.event
        if form == .original {
            let bytes = original(of: event)
            switch event.payload.content {
            // What is no JSON is a string in a page of JSON.
            case .binary: writer.string(String(decoding: bytes, as: UTF8.self))
            case .absent where bytes.isEmpty: writer.null()
            case .absent, .json, .base64: writer.raw(bytes)
            }
        } else {
            write(event, stored, resource, ResourceContext(), view, as: form, into: &writer)
        }
    }

    /// A resource as the API shows it.
    package func write(
        _ record: ResourceRecord,
        context: ResourceContext = ResourceContext(),
        into writer: inout JSONWriter
    ) {
        write(record, context, view(of: nil, record), into: &writer)
    }

    /// Whether an event's resource decides what may be seen of the event, so that it has to be there even where it is not shown.
    package var asksForOwner: Bool { protection.asksForOwner }

    /// `nil` where everything may be seen.
    func view(of stored: StoredEvent?, _ record: ResourceRecord?) -> FieldView? {
        protection.isEmpty ? nil : protection.view(of: ProtectionSubject(event: stored?.event, record: record))
    }

    private func write(
        _ record: ResourceRecord,
        _ context: ResourceContext,
        _ view: FieldView?,
        into writer: inout JSONWriter
    ) {
        func isHidden(_ name: String) -> Bool { view?.isHidden(name) ?? false }
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
        writer.raw(document(of: record, view) ?? ArraySlice("null".utf8))
        write(context, view, into: &writer)
        writer.endObject()
    }

    private func write(_ context: ResourceContext, _ view: FieldView?, into writer: inout JSONWriter) {
        func isHidden(_ path: String, key: String) -> Bool { view?.isHidden(path, key: key) ?? false }
        if let enrichment = context.enrichment { writer.member("enrichment", enrichment.rawValue) }
        let lookup = context.lookup.filter { column, value in
            (protection.audience == .admin || value.audience == .user) && !isHidden("lookup.\(column)", key: column)
        }
        if !lookup.isEmpty {
            writer.key("lookup")
            write(lookup.mapValues(\.text), into: &writer)
        }
        // A name is shown where the id is that it stands for.
        let names = context.names.filter { field, _ in
            !["\(field)", "relations.\(field)", "names.\(field)"].contains { isHidden($0, key: field) }
        }
        guard !names.isEmpty, !isHidden("names", key: "names") else { return }
        writer.key("names")
        writer.beginObject()
        for (field, names) in names.sorted(by: { $0.key < $1.key }) {
            writer.key(field)
            write(names, into: &writer)
        }
        writer.endObject()
    }

    private func write(_ texts: [String: String], into writer: inout JSONWriter) {
        writer.beginObject()
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
            writer.key(key)
            writer.string(text)
        }
        writer.endObject()
    }

    private func write(
        _ event: Event,
        _ stored: StoredEvent,
        _ resource: ResourceRecord?,
        _ context: ResourceContext,
        _ view: FieldView?,
        as form: BodyForm,
        into writer: inout JSONWriter
    ) {
        guard form == .enriched else {
            CloudEventEncoder().encode(event, data: .payload, into: &writer)
            return
        }
        CloudEventEncoder().encode(event, into: &writer) { data in
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
            if let resource { write(resource, context, view, into: &data) } else { data.null() }
            data.key("changes")
            if let changes = changes(of: stored, view) { data.raw(changes) } else { data.null() }
            data.endObject()
        }
    }

    /// What may be seen of a resource's document; `nil` where it is no JSON.
    func document(of record: ResourceRecord, _ view: FieldView?) -> Bytes? {
        let document = record.document
        guard let view else { return document }
        return view.protect(document: document)
    }

    private func changes(of stored: StoredEvent, _ view: FieldView?) -> Bytes? {
        guard let view, let changes = stored.changes else { return stored.changes }
        return view.protect(payload: changes)
    }

    /// The bytes that came in; those of an event whose data was protected are its data's.
    private func original(of event: Event) -> Bytes { event.payload.original }
}
