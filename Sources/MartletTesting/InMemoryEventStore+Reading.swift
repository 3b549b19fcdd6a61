package import Martlet
package import MartletPipeline

extension InMemoryEventStore {
    package func head() async throws -> Position { try withState { $0.head } }

    package func page(after position: Position, limit: Int, maximumBytes: Int) async throws -> [StoredEvent] {
        try withState { state in
            var bytes = 0
            var page: [StoredEvent] = []
            for event in state.events where event.position > position {
                bytes += event.event.payload.original.count
                if page.count == limit || (!page.isEmpty && bytes > maximumBytes) { break }
                page.append(event)
            }
            return page
        }
    }

    package func events(at positions: [Position]) async throws -> [StoredEvent] {
        let wanted = Set(positions)
        return try withState { $0.events.filter { wanted.contains($0.position) } }
    }

    package func position(before time: Timestamp) async throws -> Position {
        try withState { state in
            let earlier = state.events.last { $0.event.fields.recordedTime.map { $0 < time } ?? false }
            return earlier?.position ?? state.events.first?.position.advanced(by: -1) ?? .zero
        }
    }

    package func checkpoint(source: String, key: String) async throws -> String? {
        try withState { $0.checkpoints[[source, key]] }
    }

    package func resources(type: String, id: String, cloud: String?) async throws -> [ResourceRecord] {
        try withState { state in
            state.resources.values
                .filter { $0.type == type && $0.id == id && (cloud == nil || $0.cloud == cloud) }
                .sorted { $0.cloud < $1.cloud }
        }
    }

    package func resources(withKeys keys: [ResourceKey]) async throws -> [ResourceKey: ResourceRecord] {
        let wanted = Set(keys)
        return try withState { $0.resources.filter { wanted.contains($0.key) } }
    }

    package func timeline(
        of key: ResourceKey,
        before position: Position?,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [StoredEvent] {
        try withState { state in
            let events = state.events.reversed().filter { event in
                event.resourceKey == key && (position.map { event.position < $0 } ?? true)
            }
            return InMemoryEventStore.page(events, limit, maximumBytes) { $0.event.payload.original.count }
        }
    }

    /// The first of some items: as many as there may be of them and of their bytes, but always one.
    static func page<Item>(_ items: [Item], _ limit: Int, _ maximumBytes: Int, bytes: (Item) -> Int) -> [Item] {
        var total = 0
        var page: [Item] = []
        for item in items.prefix(limit) {
            total += bytes(item)
            if !page.isEmpty, total > maximumBytes { break }
            page.append(item)
        }
        return page
    }

    /// Finds the text anywhere in the name, the id or the document, in any case.
    package func searchResources(
        _ text: String,
        type: String?,
        cloud: String?,
        state stateName: String?,
        limit: Int
    ) async throws -> (resources: [ResourceRecord], indexedThrough: Position) {
        let text = text.lowercased()
        return try withState { state in
            let found = state.resources.values.filter { record in
                (type == nil || record.type == type) && (cloud == nil || record.cloud == cloud)
                    && (stateName == nil || record.state == stateName)
                    && (record.id + " " + String(decoding: record.makeDocument(), as: UTF8.self)).lowercased()
                        .contains(text)
            }
            return (Array(found.sorted { $0.key.rawValue < $1.key.rawValue }.prefix(limit)), state.head)
        }
    }

    /// Finds each word anywhere in the id or the document, in any case.
    package func resourceCandidates(
        _ text: String,
        type: String?,
        cloud: String?,
        after key: ResourceKey?,
        span: Int
    ) async throws -> ResourceCandidates {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        return try withState { state in
            let behind = state.resources.values.filter { $0.key.rawValue > key?.rawValue ?? 0 }
                .sorted { $0.key.rawValue < $1.key.rawValue }
            let found = behind.prefix(span).filter { record in
                let document = String(decoding: record.makeDocument(), as: UTF8.self)
                let text = "\(record.type) \(record.id) \(document)".lowercased()
                return (type == nil || record.type == type) && (cloud == nil || record.cloud == cloud)
                    && words.allSatisfy { text.contains($0) }
            }
            return ResourceCandidates(
                records: found,
                next: behind.count < span ? nil : behind[span - 1].key,
                indexedThrough: state.head
            )
        }
    }
}

// MARK: - Delivery and quarantine

extension InMemoryEventStore {
    package func openForwarder(name: String, start: Position) async throws -> ForwarderRecord {
        try withState { state in
            if let known = state.forwarders.first(where: { $0.name == name }) { return known }
            let start = max(start, (state.events.first?.position ?? Position(rawValue: 1)).advanced(by: -1))
            let record = ForwarderRecord(
                id: ForwarderID(rawValue: state.nextID()),
                name: name,
                start: start,
                cursor: start,
                counts: DeliveryCounts(),
                pause: nil,
                lastError: nil,
                parked: []
            )
            state.forwarders.append(record)
            return record
        }
    }

    package func forwarderExists(name: String) async throws -> Bool {
        try withState { $0.forwarders.contains { $0.name == name } }
    }

    package func forgetForwarder(name: String) async throws -> Bool {
        try withState { state in
            if let failure = state.writeFailure { throw failure }
            guard let index = state.forwarders.firstIndex(where: { $0.name == name }) else { return false }
            let id = state.forwarders.remove(at: index).id
            state.deadLetters = state.deadLetters.filter { $0.value.forwarderID != id }
            return true
        }
    }

    package func forwarderStatuses() async throws -> [ForwarderStatus] {
        try withState { state in
            state.forwarders.map { record in
                let open = Set(record.parked.map(\.position))
                let waiting = state.events.first { $0.position > record.cursor || open.contains($0.position) }
                return ForwarderStatus(
                    id: record.id,
                    name: record.name,
                    committed: state.head.rawValue - record.start.rawValue,
                    counts: record.counts,
                    pending: state.head.rawValue - record.cursor.rawValue + Int64(record.parked.count),
                    parked: Int64(record.parked.count),
                    cursor: record.cursor,
                    pause: record.pause,
                    lastError: record.lastError,
                    oldestPending: waiting?.event.fields.recordedTime
                )
            }
        }
    }

    package func events(at positions: [Position], for forwarder: ForwarderID) async throws -> [StoredEvent] {
        let wanted = Set(positions).sorted()
        return try withState { state in
            wanted.compactMap { position in
                let letters = state.deadLetters.values
                return state.events.first { $0.position == position }
                    ?? state.copies[Copy(forwarder: forwarder, position: position)]
                    ?? letters.first { $0.forwarderID == forwarder && $0.stored.position == position }?.stored
            }
        }
    }

    package func deadLetters(
        forwarder: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [DeadLetter] {
        try withState { state in
            let letters = state.deadLetters.values.filter {
                $0.id > id && (forwarder == nil || $0.forwarder == forwarder)
            }
            return InMemoryEventStore.page(letters.sorted { $0.id < $1.id }, limit, maximumBytes) {
                $0.stored.event.payload.original.count
            }
        }
    }

    package func deadLetter(id: Int64) async throws -> DeadLetter? { try withState { $0.deadLetters[id] } }

    package func lastDeadLetter(of forwarder: ForwarderID) async throws -> Int64? {
        try withState { $0.deadLetters.values.filter { $0.forwarderID == forwarder }.map(\.id).max() }
    }

    package func deadLetterReferences(
        of forwarder: ForwarderID,
        within ids: ClosedRange<Int64>,
        limit: Int
    ) async throws -> [DeadLetterReference] {
        try withState { state in
            let letters = state.deadLetters.values.filter { $0.forwarderID == forwarder && ids.contains($0.id) }
            return letters.sorted { $0.id < $1.id }.prefix(limit).map(\.reference)
        }
    }

    package func quarantined(
        source: String?,
        after id: Int64,
        limit: Int,
        maximumBytes: Int
    ) async throws -> [QuarantinedItem] {
        try withState { state in
            let items = state.quarantine.values.filter { $0.id > id && (source == nil || $0.source == source) }
            return InMemoryEventStore.page(items.sorted { $0.id < $1.id }, limit, maximumBytes) { $0.draft.bytes.count }
        }
    }

    package func quarantineCounts() async throws -> [String: Int] {
        try withState { state in
            Dictionary(grouping: state.quarantine.values, by: \.source).mapValues(\.count)
        }
    }
}
