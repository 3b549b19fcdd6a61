/// Where a resource's life begins and ends, as the names of events and states tell.
enum Lifecycle {
    case creation, deletion, recovery

    /// What the event does to a resource of this type; `nil` where it does neither, or does it to something else:
    /// `VMSNAPSHOT.DELETE` speaks of a virtual machine that stays.
    ///
    /// - Parameter eventName: `VM.START`, in UTF-8.
    init?(of eventName: UnsafeBufferPointer<UInt8>, on resourceType: String?) {
        guard let resourceType, let stop = eventName.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let subject = UnsafeBufferPointer(rebasing: eventName[..<stop])
        // Most verbs are none of these, and cost one look-up.
        guard let number = Lifecycle.verbs.number(of: eventName[(stop + 1)...]),
            let lifecycle = Lifecycle.meaning(ofVerb: number, subject: subject),
            Lifecycle.names(subject, resourceType)
        else { return nil }
        self = lifecycle
    }

    private static let verbMeanings: [(verb: String, lifecycle: Lifecycle)] = [
        ("CREATE", .creation), ("ADD", .creation), ("REGISTER", .creation), ("IMPORT", .creation),
        ("UPLOAD", .creation), ("DELETE", .deletion), ("EXPUNGE", .deletion), ("UNMANAGE", .deletion),
        ("DESTROY", .deletion), ("RECOVER", .recovery),
    ]

    private static let verbs = NameTable(verbMeanings.map(\.verb))

    /// `VM.DESTROY` and `VOLUME.DESTROY` can be taken back; system machines are gone with theirs.
    private static func meaning(ofVerb number: Int, subject: UnsafeBufferPointer<UInt8>) -> Lifecycle? {
        let (verb, lifecycle) = verbMeanings[number]
        guard verb == "DESTROY" else { return lifecycle }
        return systemMachines.contains { $0.utf8.elementsEqual(subject) } ? lifecycle : nil
    }

    private static let systemMachines = ["ROUTER", "PROXY", "SSVM"]

    /// Whether the words before the verb mean this type: `SERVICE.OFFERING` is `ServiceOffering`.
    private static func names(_ subject: UnsafeBufferPointer<UInt8>, _ resourceType: String) -> Bool {
        let isOther = otherNames.contains { $0.resourceType == resourceType && $0.subject.utf8.elementsEqual(subject) }
        if isOther { return true }
        let folded = subject.lazy.filter { $0 != UInt8(ascii: ".") }.map { $0 | 0x20 }
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
