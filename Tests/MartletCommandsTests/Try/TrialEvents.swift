import Martlet
import MartletGateway
import MartletJSON
import MartletPipeline
import MartletTesting

/// An event as the log holds it.
func storedEvent(
    _ position: Int64,
    type: String = "org.apache.cloudstack.VM.START",
    resource: Int64? = nil,
    time: Int64 = 1_769_774_400,
    _ change: (inout Event.Fields) -> Void = { _ in }
) -> StoredEvent {
    var fields = Event.Fields(
        id: "e\(position)",
        source: "/clouds/try/management-server",
        type: type,
        cloud: "try",
        topic: Topic(text: "management-server.ActionEvent.VM-START.VirtualMachine.\(position)"),
        payload: Payload(json: Array(#"{"description":"Started"}"#.utf8)[...])
    )
    fields.position = Position(rawValue: position)
    fields.time = Timestamp(seconds: time)
    if let resource { fields.resource = ResourceReference(type: "VirtualMachine", id: "vm-\(resource)") }
    change(&fields)
    return StoredEvent(
        event: Event(fields: fields),
        resourceKey: resource.map { ResourceKey(rawValue: $0) },
        changes: nil
    )
}

/// CloudStack's message of an action, as RabbitMQ carries it.
func actionMessage(_ event: String, of id: String, status: String = "Completed", description: String = "Done")
    -> Message
{
    let body = """
        {"eventDateTime":"2026-01-30 11:38:35 +0000","status":"\(status)","description":"\(description)","event":"\(event)",\
        "entity":"com.cloud.vm.VirtualMachine","entityuuid":"\(id)"}
        """
    let key = "management-server.ActionEvent.\(event.replacing(".", with: "-")).VirtualMachine.\(id)"
    return Message(bytes: Array(body.utf8)[...], json: nil, routingKey: key)
}

/// A source that hands over what it is given, and then waits; or never gets in. It fares so from the beginning: what is decided
/// by it does not depend on when it gets to run.
struct PlayedSource: Source {
    private let port: SourcePort
    private let messages: [Message]

    init(port: SourcePort, messages: [Message] = [], problem: SourceMonitor.Problem? = nil) {
        self.port = port
        self.messages = messages
        if let problem { port.monitor.isFailing(problem) } else { port.monitor.isRunning(at: "memory:/") }
    }

    func run() async throws {
        if !messages.isEmpty { _ = try await port.receive(messages) }
        try await Task.sleep(for: .seconds(3_600))
    }
}

/// How a source fares that is in this state.
func snapshot(_ state: SourceMonitor.State, problem: SourceMonitor.Problem? = nil, backlog: Int64 = 0)
    -> SourceMonitor.Snapshot
{
    let monitor = SourceMonitor(time: ManualTime(now: testTime))
    switch state {
    case .starting: break
    case .running: monitor.isRunning(at: "memory:/")
    case .failing: monitor.isFailing(problem ?? SourceMonitor.Problem("it failed", at: "memory:/", remedy: "mend it"))
    }
    if backlog > 0 { monitor.hasBacklog(backlog) }
    return monitor.snapshot
}
