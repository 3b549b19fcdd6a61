import Martlet

/// What an event type says by its name: `compute.instance.create.end` is the end, in success, of an instance's creation.
///
/// The catalogue's are made once; one that it does not have is read by the same rule when it comes.
final class OpenStackEventType: Sendable {
    /// `compute.instance.create.end`
    let name: String
    /// The type of a CloudEvent: `org.openstack.compute.instance.create.end`
    let eventType: String
    /// The service; `nil` where only the publisher tells.
    let service: String?
    /// What it speaks of; `nil` for a name without a noun.
    let noun: OpenStackNoun?
    /// What is done, its words joined by `_`: `create`, `live_migration_abort`; empty where nothing is.
    let verb: String
    /// The verb as nova's two forms of one notification have it in common: they part the words differently,
    /// `live.migration.abort` and `live_migration_abort`.
    let commonVerb: String
    let category: Category
    let phase: Phase?
    let outcome: Outcome?
    /// The name says by its last word how far things have come.
    let hasEnding: Bool
    /// The payload tells how the resource is, and not merely what was done to it.
    let describesResource: Bool
    /// What the event does to its resource once it has been confirmed.
    let lifecycle: Lifecycle?
    /// The origin's own word for the resource, as the attribute `origintype`.
    let extensions: [String: AttributeValue]

    static let prefix = "org.openstack."

    /// - Parameter known: the service that is known to send it, or the publisher's; the name's own first word counts first.
    init(_ name: String, service known: String?) {
        self.name = name
        eventType = OpenStackEventType.prefix + name
        var words = name.split(separator: ".", omittingEmptySubsequences: true)[...]
        var service = known
        if words.count > 1, let named = OpenStackServices.service(ofPrefix: words[words.startIndex]) {
            service = named
            words = words.dropFirst()
        } else if words.count > 2, words[words.startIndex] == "network", words[words.startIndex + 1] == "floating_ip" {
            // Nova's own network of old.
            service = "nova"
            words = words.dropFirst()
        }
        self.service = service
        // `OS-TRUST:trust`: the extension that brought it.
        let subject = words.popFirst().map { $0.split(separator: ":").last ?? $0 }
        let ending = Ending(takenFrom: &words)
        let verb = words.joined(separator: "_")
        let noun = subject.map { subject in
            OpenStackNoun.known(subject, of: service)
                ?? subject.singular.flatMap { OpenStackNoun.known($0, of: service) }
                ?? OpenStackNoun(unknown: String(subject), of: service ?? "")
        }
        hasEnding = ending != nil
        self.verb = verb
        let parts = verb.filter { $0 != "_" }
        commonVerb = parts == "finishresize" ? "resizefinish" : parts
        self.noun = noun
        extensions =
            noun.flatMap { noun in
                noun.resourceType.map { _ in ["origintype": .string(noun.origin)] }
            } ?? [:]
        category = OpenStackEventType.category(of: noun, verb: verb, ending)
        (phase, outcome) = OpenStackEventType.progress(of: noun, verb: verb, ending, category)
        lifecycle = OpenStackEventType.lifecycle(of: noun, verb: verb)
        describesResource = noun.map { OpenStackEventType.isDescribed($0, verb: verb) } ?? false
    }

    /// A payload can describe something else: a member or a download of an image, a router's interface, a share of a zone.
    private static func isDescribed(_ noun: OpenStackNoun, verb: String) -> Bool {
        guard !noun.isPart, noun.resourceType != nil, verb != "reset_status" else { return false }
        switch noun.name {
        case "image": return verb != "send" && !verb.hasPrefix("member_")
        case "router": return !verb.hasPrefix("interface_")
        case "zone", "domain": return verb != "share" && verb != "unshare"
        default: return true
        }
    }

    private static func category(of noun: OpenStackNoun?, verb: String, _ ending: Ending?) -> Category {
        guard let noun else { return .other }
        if ending == .exists || verb == "usage" || verb == "meter" || noun.name == "usage" { return .usage }
        switch (noun.service, noun.name) {
        case ("keystone", "authenticate"), ("swift", "http"), (_, "audit"), (_, "http"): return .audit
        case (_, "exception"), (_, "libvirt"), ("designate", "api"): return .alert
        case (_, "metrics"): return .other
        default: break
        }
        if verb == "update" && ending == nil && noun.name == "instance" || verb == "power_state_corrected" {
            return .state
        }
        return verb.isEmpty && ending == nil ? .other : .action
    }

    /// What has no ending is told when it is done.
    private static func progress(
        of noun: OpenStackNoun?,
        verb: String,
        _ ending: Ending?,
        _ category: Category
    ) -> (Phase?, Outcome?) {
        switch ending {
        case .start: return (.started, nil)
        case .end: return (.completed, .success)
        case .error: return (.completed, .failure)
        case .progress: return (.progress, nil)
        case .exists: return (nil, nil)
        case nil: break
        }
        if verb == "scheduled" || verb.hasSuffix("_scheduled") { return (.scheduled, nil) }
        switch (category, noun?.service, noun?.name, verb) {
        case (_, "glance", "image", "prepare"), (_, "glance", "task", "run"): return (.started, nil)
        case (_, "nova", "compute_task", _), (_, "cinder", "scheduler", _): return (.completed, .failure)
        case (.action, _, _, _), (.audit, _, _, _): return (.completed, .success)
        case (.state, _, _, _): return (.completed, nil)
        default: return (nil, nil)
        }
    }

    private static func lifecycle(of noun: OpenStackNoun?, verb: String) -> Lifecycle? {
        guard let noun, !noun.isPart else { return nil }
        switch verb {
        case "create", "created", "import", "manage_existing", "adopt": return .creation
        case "delete", "deleted": return .deletion
        case "restore" where noun.resourceType == "VirtualMachine": return .recovery
        default: return nil
        }
    }
}

/// The last word of an event type, where it says how far things have come.
private enum Ending {
    case start, end, error, progress, exists

    init?(takenFrom words: inout ArraySlice<Substring>) {
        switch words.last {
        case "start": self = .start
        case "end", "success": self = .end
        case "error", "failure", "fault": self = .error
        case "progress", "processing", "pending": self = .progress
        case "exists": self = .exists
        default: return nil
        }
        words.removeLast()
    }
}

extension Substring {
    /// The word less the `s` of a plural, as in `groups.reset_status`; `nil` where there is none.
    fileprivate var singular: Substring? { hasSuffix("s") ? dropLast() : nil }
}
