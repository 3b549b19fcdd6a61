import MartletJSON

/// The event that a probe provokes, and the call that provokes it.
///
/// It registers an SSH key that is none. CloudStack refuses it within the action, so that an event says that the action failed, and
/// nothing has been made that would have to be taken away again. Each role of CloudStack's own may make the call. One line
/// at the level ERROR stays in CloudStack's list of events. Alternatives that were looked at: `createSSHKeyPair` gives no event;
/// `generateAlert` sends mail; what succeeds leaves something behind where the probe is interrupted.
enum ProbeEvent {
    static let type = "REGISTER.SSH.KEYPAIR"

    /// - Parameter name: appears nowhere but in CloudStack's log.
    static func request(name: String) -> CloudStackRequest {
        CloudStackRequest(command: "registerSSHKeyPair", parameters: ["name": name, "publickey": "this is no key"])
    }

    /// Whether a body is CloudStack's event of such a failure. It names neither the key nor the management server: that is why
    /// one server is called at a time.
    static func matches(_ body: [UInt8]) -> Bool {
        guard let event = try? JSONDocument(parsing: body).root else { return false }
        return event["event"]?.string == type && event["status"]?.string == "Completed"
            && event["description"]?.string?.hasPrefix("Error while") == true
    }
}
