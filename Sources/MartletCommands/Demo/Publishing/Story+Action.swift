import Martlet
import MartletJSON

/// What a call acts on.
struct DemoEntity {
    /// CloudStack's simple name: `VirtualMachine`.
    var type: String
    var id: String
}

/// How far an action has come, in CloudStack's words.
enum ActionStatus: String {
    case created = "Created"
    case scheduled = "Scheduled"
    case started = "Started"
    case completed = "Completed"
}

extension Story {
    /// An action, as `ActionEventUtils` publishes it: account and user are those of who called.
    ///
    /// - Parameter context: further entities that the call is about, by class name and id.
    mutating func act(
        _ event: String,
        _ status: ActionStatus,
        _ description: String,
        on entity: DemoEntity,
        by caller: DemoCaller,
        context: [DemoEntity] = []
    ) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("eventDateTime", time)
        writer.member("status", status.rawValue)
        writer.member("description", description)
        writer.member("event", event)
        writer.member("entity", entity.type)
        writer.member("entityuuid", entity.id)
        for entity in [entity] + context {
            writer.key(entity.type)
            writer.string(entity.id)
        }
        writer.member("account", caller.accountID)
        writer.member("user", caller.userID)
        writer.endObject()
        publish(.action, event, entity.type, entity.id, writer.bytes)
    }

    /// The action of CloudStack's Contrail plug-in, which tells neither who nor when.
    mutating func actThroughContrail(_ event: String, details: String, on type: String) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("details", details)
        writer.member("event", event)
        writer.member("status", ActionStatus.completed.rawValue)
        writer.endObject()
        publish(.action, event, type, nil, writer.bytes)
    }
}
