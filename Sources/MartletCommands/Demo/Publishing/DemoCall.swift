/// An asynchronous call of the API.
struct DemoCall {
    /// `VM.START`
    var event: String
    /// The Java class of the command, less `org.apache.cloudstack.api.command.`.
    var command: String
    /// What it does, as CloudStack describes it: `starting Vm. Vm Id: …`.
    var description: String
    var entity: DemoEntity
    var caller: DemoCaller
    /// The call makes the entity.
    var isCreation = false
    var context: [DemoEntity] = []
    /// A caller with a browser's session: its key is among the parameters, where CloudStack leaves it.
    var sessionKey: String?
}

/// How a call ends.
enum DemoResult {
    /// With the API's answer, a JSON object.
    case success([UInt8])
    /// With one of the API's error codes and what it says.
    case failure(code: Int, text: String)

    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
