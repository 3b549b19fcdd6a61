import Martlet

/// What conditions are judged by: an event, a resource by itself, or an event with its resource.
struct ProtectionSubject {
    /// What may be known later than the event: an owner becomes known when somebody names him.
    static let ownerNames: Set<String> = [AttributeName.tenantid.rawValue, AttributeName.domainid.rawValue]

    var event: Event?
    var record: ResourceRecord?

    /// Whether a condition is met, or cannot be told not to be.
    func mayMeet(_ match: EventFilter.Match) -> Bool {
        if let event, !match.pattern.matches(event.topic) { return false }
        return match.attributes.allSatisfy { name, text in
            let texts = texts(of: name)
            return texts.contains(text) || texts.isEmpty && !isKnownToBeAbsent(name)
        }
    }

    /// Whether a condition is met by all that is known.
    func surelyMeets(_ match: EventFilter.Match) -> Bool {
        guard event.map({ match.pattern.matches($0.topic) }) ?? (match.pattern == .everything) else { return false }
        return match.attributes.allSatisfy { name, text in
            let texts = texts(of: name)
            return !texts.isEmpty && texts.allSatisfy { $0 == text }
        }
    }

    /// What the event and its resource say of an attribute: two texts where they disagree.
    private func texts(of name: String) -> [String] {
        [event?.attribute(name), record.flatMap { text(of: name, in: $0) }].compactMap { $0 }
    }

    private func text(of name: String, in record: ResourceRecord) -> String? {
        switch AttributeName(rawValue: name) {
        case .cloud: record.cloud
        case .resourcetype: record.type
        case .resourceid: record.id
        case .subject: "\(record.type)/\(record.id)"
        case .tenantid: record.tenantID
        case .domainid: record.domainID
        // The event tells what it leads to; a resource by itself is where it is.
        case .newstate where event == nil: record.state
        default: nil
        }
    }

    /// An event has what it has; its owner, and what a resource does not say by itself, nobody knows.
    private func isKnownToBeAbsent(_ name: String) -> Bool {
        event != nil && !ProtectionSubject.ownerNames.contains(name)
    }
}
