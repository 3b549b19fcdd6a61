/// What kind of happening an event reports.
public enum Category: String, Sendable, Hashable, CaseIterable {
    case action, usage, alert, state, job, audit, other

    /// The word that stands for it in a topic, as CloudStack's event bus writes it.
    public var topicWord: String {
        switch self {
        case .action: "ActionEvent"
        case .usage: "UsageEvent"
        case .alert: "AlertEvent"
        case .state: "ResourceStateEvent"
        case .job: "AsyncJobEvent"
        case .audit: "AuditEvent"
        case .other: "Event"
        }
    }

    /// The category of a topic's second word; `nil` for a word that stands for none.
    public init?(topicWord: some StringProtocol) {
        guard let match = Category.allCases.first(where: { $0.topicWord == topicWord }) else { return nil }
        self = match
    }
}

/// How far the operation that an event reports has come.
public enum Phase: String, Sendable, Hashable, CaseIterable {
    case created, scheduled, started, progress, completed
}

/// How the operation ended, where the event tells.
public enum Outcome: String, Sendable, Hashable, CaseIterable {
    case success, failure
}

/// How grave an alert or a failure is; the words of the CloudEvents `severity` extension's text.
public enum Severity: String, Sendable, Hashable, CaseIterable {
    case info, warning, error, critical
}
