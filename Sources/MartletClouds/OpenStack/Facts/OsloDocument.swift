import MartletJSON

/// Writes the document of a resource from a payload, in the words of the service's API.
///
/// The wrappers of versioned objects are taken off at any depth. What the API calls otherwise is renamed, so that the
/// document of an answer and that of a notification are one; what speaks of the event is left out.
struct OsloDocument {
    private let words: OsloWords
    private let isVersioned: Bool

    /// - Parameter isVersioned: the payload is a versioned object, and so may be what is in it.
    init(of resourceType: String, isVersioned: Bool) {
        self.isVersioned = isVersioned
        words = OsloWords.of(resourceType)
    }

    func text(of data: JSONValue) -> Bytes {
        guard isVersioned || !words.isEmpty else { return data.bytes }
        let numbers = data.members.map { words.number(of: $0) }
        var isTaken = [Bool](repeating: false, count: words.count)
        for number in numbers { if let number { isTaken[number] = true } }
        var writer = JSONWriter(reservingCapacity: data.range.count)
        writer.beginObject()
        for (member, number) in zip(data.members, numbers) {
            switch words.treatment(of: number) {
            case .leaveOut: break
            case .rename(let key, let new):
                // It gives way to one that has the name already, and to an earlier one.
                if isTaken[new] { continue }
                isTaken[new] = true
                writer.key(quoted: key)
                write(member.value, to: &writer)
            case .reshape(let shape):
                if !write(member.value, as: shape, to: &writer) { write(member, to: &writer) }
            case .none: write(member, to: &writer)
            }
        }
        writer.endObject()
        return writer.bytes[...]
    }

    private func write(_ member: JSONMember, to writer: inout JSONWriter) {
        guard isVersioned, member.value.isContainer else { return writer.member(member) }
        writer.key(of: member)
        write(member.value, to: &writer)
    }

    /// A value without the wrappers of versioned objects.
    private func write(_ value: JSONValue, to writer: inout JSONWriter) {
        guard isVersioned, value.isContainer else { return writer.raw(value.bytes) }
        if let data = value.versionedData { return write(data, to: &writer) }
        if value.kind == .array {
            writer.beginArray()
            for element in value.elements { write(element, to: &writer) }
            writer.endArray()
        } else {
            writer.beginObject()
            for member in value.members { write(member, to: &writer) }
            writer.endObject()
        }
    }

    /// A member of a machine in the shape that the API has; `false` where it is not one that can be given it.
    private func write(_ value: JSONValue, as shape: OsloWords.Shape, to writer: inout JSONWriter) -> Bool {
        switch shape {
        case .image:
            guard let id = value.identifier else { return true }
            writer.key("image")
            writer.beginObject()
            writer.member("id", id)
            writer.endObject()
        case .flavor:
            guard let flavor = value.versionedData else { return false }
            writer.key("flavor")
            writer.raw(OsloDocument(of: "ServiceOffering", isVersioned: true).text(of: flavor))
        case .addresses:
            guard value.kind == .array else { return false }
            if value.count > 0 { writeAddresses(value, to: &writer) }
        case .volumes:
            guard value.kind == .array else { return false }
            if value.count > 0 { writeVolumes(value, to: &writer) }
        }
        return true
    }

    private func writeAddresses(_ list: JSONValue, to writer: inout JSONWriter) {
        let addresses = list.elements.compactMap(\.versionedData)
        var labels: [String] = []
        for address in addresses {
            let label = address["label"]?.string ?? ""
            if !labels.contains(label) { labels.append(label) }
        }
        writer.key("addresses")
        writer.beginObject()
        for label in labels {
            writer.key(label)
            writer.beginArray()
            for address in addresses where address["label"]?.string ?? "" == label {
                writer.beginObject()
                writer.member("addr", address["address"]?.string)
                writer.member("version", raw: address["version"]?.bytes)
                writer.member("OS-EXT-IPS-MAC:mac_addr", address["mac"]?.string)
                writer.member("port_id", address["port_uuid"]?.string)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    private func writeVolumes(_ list: JSONValue, to writer: inout JSONWriter) {
        writer.key("os-extended-volumes:volumes_attached")
        writer.beginArray()
        for device in list.elements.compactMap(\.versionedData) {
            writer.beginObject()
            writer.member("id", device["volume_id"]?.identifier)
            writer.member("delete_on_termination", device["delete_on_termination"]?.boolean)
            writer.endObject()
        }
        writer.endArray()
    }
}
