/// Where a resource's life begins and ends, as the names of events and states tell.
enum Lifecycle {
    case creation, deletion, recovery

    /// What the event does to a resource of this type; `nil` where it does neither, or does it to something else:
    /// `VMSNAPSHOT.DELETE` speaks of a virtual machine that stays.
    init?(of eventName: some StringProtocol, on resourceType: String?) {
        guard let resourceType, let stop = eventName.lastIndex(of: ".") else { return nil }
        let subject = eventName[..<stop]
        let verb = eventName[eventName.index(after: stop)...]
        guard let lifecycle = Lifecycle(verb: verb, subject: subject),
            Lifecycle.names(subject, resourceType)
        else { return nil }
        self = lifecycle
    }

    /// `VM.DESTROY` and `VOLUME.DESTROY` can be taken back; system machines are gone with theirs.
    private init?(verb: some StringProtocol, subject: some StringProtocol) {
        switch verb {
        case "CREATE", "ADD", "REGISTER", "IMPORT", "UPLOAD": self = .creation
        case "DELETE", "EXPUNGE", "UNMANAGE": self = .deletion
        case "DESTROY" where Lifecycle.systemMachines.contains { $0 == subject }: self = .deletion
        case "RECOVER": self = .recovery
        default: return nil
        }
    }

    private static let systemMachines = ["ROUTER", "PROXY", "SSVM"]

    /// Whether the words before the verb mean this type: `SERVICE.OFFERING` is `ServiceOffering`.
    private static func names(_ subject: some StringProtocol, _ resourceType: String) -> Bool {
        if otherNames.contains(where: { $0.subject == subject && $0.resourceType == resourceType }) { return true }
        let folded = subject.utf8.lazy.filter { $0 != UInt8(ascii: ".") }.map { $0 | 0x20 }
        return folded.elementsEqual(resourceType.utf8.lazy.map { $0 | 0x20 })
    }

    private static let otherNames: [(subject: String, resourceType: String)] = [
        ("VM", "VirtualMachine"), ("PROXY", "VirtualMachine"), ("SSVM", "VirtualMachine"), ("ROUTER", "VirtualRouter"),
        ("AG", "AffinityGroup"), ("SG", "SecurityGroup"), ("LB", "LoadBalancer"),
        ("VPN.S2S.VPN.GATEWAY", "Site2SiteVpnGateway"), ("VPN.S2S.CUSTOMER.GATEWAY", "Site2SiteCustomerGateway"),
        ("VPN.S2S.CONNECTION", "Site2SiteVpnConnection"),
    ]

    /// Whether a resource in this state is gone for good. A virtual machine has no such state: it ends as `Expunging`,
    /// and the action says when that is over.
    static func isGone(_ resourceType: String, in state: String) -> Bool {
        switch resourceType {
        case "Volume": state == "Expunged"
        case "Snapshot": state == "Destroyed"
        case "Network": state == "Destroy"
        default: false
        }
    }

    /// Whether the state is one on the way out, which only a recovery leads back from.
    static func isLeaving(_ state: String) -> Bool {
        ["Destroy", "Destroyed", "Destroying", "Expunging", "Expunged"].contains(state)
    }
}
