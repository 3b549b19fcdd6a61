import Martlet
import MartletJSON

/// The shapes of CloudStack's bodies, told apart by their members where no routing key names the category.
enum BodyShape {
    case action, usage, alert, state, job
    /// The Contrail plug-in's action event: nothing but `details`, `event` and `status`.
    case contrail
    /// A row of the answer to `listEvents`.
    case listed
    /// An object of no shape that is known.
    case unknown

    /// The shape of an object by its members alone, as a consumer of CloudStack's Kafka topic has to tell it.
    init(of body: JSONValue) {
        func has(_ name: StaticString) -> Bool { body[name] != nil }
        // The most frequent shape first; no other one has a calling user and no job.
        if has("event"), has("status"), has("entityuuid") || has("user") || has("account") || has("entity") {
            self = .action
        } else if has("old-state") || has("new-state") {
            self = .state
        } else if has("jobId"), has("cmdInfo") || has("commandEventType") || has("processStatus") {
            self = .job
        } else if has("subject"), has("dataCenterId") || has("podId") || has("body") {
            self = .alert
        } else if has("id"), has("resource") {
            self = .usage
        } else if has("created"), has("type"), has("level") || has("state") {
            self = .listed
        } else if has("event"), has("status"), has("details") {
            self = .contrail
        } else {
            self = .unknown
        }
    }

    /// The shape of an object whose category the routing key names.
    init(of body: JSONValue, category: Category) {
        self =
            switch category {
            case .action: body["details"] != nil && body["user"] == nil ? .contrail : .action
            case .usage: .usage
            case .alert: .alert
            case .state: .state
            case .job: .job
            case .audit, .other: .unknown
            }
    }

    var category: Category {
        switch self {
        case .action, .contrail, .listed: .action
        case .usage: .usage
        case .alert: .alert
        case .state: .state
        case .job: .job
        case .unknown: .other
        }
    }
}
