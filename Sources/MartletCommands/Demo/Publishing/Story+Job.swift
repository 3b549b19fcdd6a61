import Martlet
import MartletJSON

extension Story {
    /// A call from its acceptance to its end: actions, job, and in between what `steps` tells.
    mutating func perform(_ call: DemoCall, _ steps: (inout Story) -> DemoResult) {
        let job = random.uuid()
        let startEvent = Int.random(in: 1_000...9_999, using: &random)
        if call.isCreation { act(call, .created, "Successfully created entity for \(call.description)") }
        act(call, .scheduled, call.description)
        publishJob(call, job, startEvent, step: "submit", result: nil)
        pass(0...2)
        act(call, .started, call.description.prefix(1).uppercased() + call.description.dropFirst())
        pass(0...2)
        let result = steps(&self)
        pass(0...1)
        act(call, .completed, (result.isSuccess ? "Successfully completed " : "Error while ") + call.description)
        publishJob(call, job, startEvent, step: "complete", result: result)
    }

    private mutating func act(_ call: DemoCall, _ status: ActionStatus, _ description: String) {
        act(call.event, status, description, on: call.entity, by: call.caller, context: call.context)
    }

    /// A job, as CloudStack 4.16 and later publish it where `event.accountinfo` is set; it has no time.
    private mutating func publishJob(
        _ call: DemoCall,
        _ job: String,
        _ startEvent: Int,
        step: String,
        result: DemoResult?
    ) {
        var writer = JSONWriter(reservingCapacity: 2_048)
        writer.beginObject()
        writer.member("command", "org.apache.cloudstack.api.command.\(call.command)")
        writer.member("user", call.caller.userID)
        writer.member("account", call.caller.accountID)
        writer.member("processStatus", "0")
        writer.member("resultCode", result.map { $0.isSuccess } ?? true ? "0" : "530")
        writer.member("instanceUuid", call.entity.id)
        writer.member("instanceType", call.entity.type)
        writer.member("commandEventType", call.event)
        writer.member("jobId", job)
        writer.key("cmdInfo")
        writeParameters(of: call, startEvent, to: &writer)
        switch result {
        case nil: writer.member("status", "IN_PROGRESS")
        case .success(let answer):
            writer.member("status", "SUCCEEDED")
            writer.member("jobResult", raw: answer)
        case .failure(let code, let text):
            writer.member("status", "FAILED")
            writer.key("jobResult")
            writer.beginObject()
            writer.member("errorcode", code)
            writer.member("errortext", text)
            writer.endObject()
        }
        writer.member("username", call.caller.userName)
        writer.member("accountname", call.caller.accountName)
        writer.member("domainname", call.caller.domainName)
        writer.endObject()
        publish(.job, step, call.entity.type, call.entity.id, writer.bytes)
    }

    /// The parameters of the request, all of them text, and what CloudStack adds to them.
    private func writeParameters(of call: DemoCall, _ startEvent: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("response", "json")
        writer.member("ctxUserId", String(call.caller.number))
        writer.member("httpmethod", call.sessionKey == nil ? "GET" : "POST")
        writer.member("ctxStartEventId", String(startEvent))
        writer.member("id", call.entity.id)
        writer.member("sessionkey", call.sessionKey)
        writer.key("ctxDetails")
        writer.beginObject()
        for entity in [call.entity] + call.context {
            writer.key("interface \(Self.interfaces[entity.type] ?? entity.type)")
            writer.string(entity.id)
        }
        writer.endObject()
        writer.member("cmdEventType", call.event)
        writer.member("ctxAccountId", String(call.caller.number))
        writer.member("uuid", call.entity.id)
        writer.endObject()
    }

    /// The Java interfaces of the entities.
    private static let interfaces = [
        "VirtualMachine": "com.cloud.vm.VirtualMachine", "Volume": "com.cloud.storage.Volume",
        "Snapshot": "com.cloud.storage.Snapshot", "Network": "com.cloud.network.Network",
        "DataCenter": "com.cloud.dc.DataCenter", "ServiceOffering": "com.cloud.offering.ServiceOffering",
        "VirtualMachineTemplate": "com.cloud.template.VirtualMachineTemplate", "Host": "com.cloud.host.Host",
    ]
}
