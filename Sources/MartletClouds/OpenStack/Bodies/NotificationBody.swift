import MartletJSON

/// A notification's payload, and the object in it that describes the resource, whatever it is wrapped in.
struct NotificationBody {
    /// The payload; `nil` where it is no object.
    let payload: JSONValue?
    /// The object that describes the resource: the payload itself, the data of a versioned object, or the member that is
    /// named by the resource. `nil` where the payload lists several resources.
    let data: JSONValue?
    /// The payload is an event of CADF's: what it describes is somebody's deed.
    let isCADF: Bool
    /// The data of a versioned object of any version, `nova_object.data`.
    let isVersioned: Bool

    init(_ root: JSONValue, of noun: OpenStackNoun?) {
        guard let payload = root["payload"], payload.kind == .object else {
            (self.payload, data, isCADF, isVersioned) = (nil, nil, false, false)
            return
        }
        self.payload = payload
        if let data = payload.versionedData {
            (self.data, isCADF, isVersioned) = (data, false, true)
            return
        }
        isVersioned = false
        isCADF = payload["typeURI"] != nil && (payload["target"] != nil || payload["eventTime"] != nil)
        data = isCADF ? payload : NotificationBody.contained(in: payload, of: noun)
    }

    private static func contained(in payload: JSONValue, of noun: OpenStackNoun?) -> JSONValue? {
        guard let noun else { return payload }
        for name in noun.containers {
            guard let found = payload[name] else { continue }
            switch found.kind {
            case .object: return found
            // A list is that of one request for many; their ids have no room in one event.
            case .array where found.elements.contains { $0.kind == .object }:
                let elements = Array(found.elements.prefix(2))
                return elements.count == 1 ? elements[0] : nil
            default: continue
            }
        }
        return noun.isKnown ? payload : onlyObject(in: payload, of: noun)
    }

    /// Of a resource that no table has: the one object with an id, where the payload has none itself.
    private static func onlyObject(in payload: JSONValue, of noun: OpenStackNoun) -> JSONValue {
        func hasIdentifier(_ value: JSONValue) -> Bool { noun.identifiers.contains { value[$0]?.identifier != nil } }
        guard !hasIdentifier(payload) else { return payload }
        let objects = payload.members.lazy.map(\.value).filter { $0.kind == .object && hasIdentifier($0) }.prefix(2)
        let found = Array(objects)
        return found.count == 1 ? found[0] : payload
    }

    /// The text of the first of these members that has one, in the resource's object and then in the payload.
    func identifier(_ names: [String]) -> String? {
        guard let data else { return nil }
        // Beside it an object may have the number of its database row.
        if isVersioned, let found = data["uuid"]?.identifier { return found }
        for name in names {
            if let found = data[name]?.identifier { return found }
        }
        guard let payload, payload.range != data.range else { return nil }
        for name in names {
            if let found = payload[name]?.identifier { return found }
        }
        return nil
    }
}

extension JSONValue {
    /// The data of an object as oslo.versionedobjects writes it, `{"nova_object.name": …, "nova_object.data": {…}}`; of any
    /// service, name and version.
    var versionedData: JSONValue? {
        if let data = self["nova_object.data"] ?? self["ironic_object.data"] {
            return data.kind == .object ? data : nil
        }
        // A versioned object has these few members and no other.
        for member in members.prefix(5) where member.keyContent.hasSuffix(suffix) {
            return member.value.kind == .object ? member.value : nil
        }
        return nil
    }
}

private let suffix = Array("_object.data".utf8)
