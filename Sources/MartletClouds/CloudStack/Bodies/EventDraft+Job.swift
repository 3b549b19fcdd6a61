import Martlet
import MartletJSON

extension EventDraft {
    /// An asynchronous job's body, made in CloudStack's `ApiServer`; it has no time.
    mutating func readJob() {
        readTime()
        readResource(type: "instanceType", id: "instanceUuid")
        let status = JobStatus(body["status"]) ?? JobStatus(body["resultCode"], of: key?.type)
        fields.phase = phase(of: status)
        fields.outcome = status?.outcome
        fields.operationID = body["jobId"]?.identifier
        fields.tenantID = body["account"]?.identifier
        fields.actorID = body["user"]?.identifier
        if let step = key?.type {
            name = EventName(step)
        } else if status?.outcome != nil {
            name = EventName("complete")
        } else {
            name = .placeholder("AsyncJobEvent")
        }
    }

    /// What the job says of itself counts before the word of the routing key: a job can have advanced when its event is
    /// written.
    private func phase(of status: JobStatus?) -> Phase? {
        if status?.outcome != nil { return .completed }
        switch key?.type {
        case "submit": return .scheduled
        case "complete": return .completed
        case "update": return .progress
        default: return status == nil ? nil : .progress
        }
    }
}

/// How a job stands, as CloudStack's `JobInfo.Status` names and numbers it.
private enum JobStatus {
    case inProgress, succeeded, failed, cancelled

    init?(_ value: JSONValue?) {
        guard let value else { return nil }
        if value.equals("IN_PROGRESS") || value.integer == 0 {
            self = .inProgress
        } else if value.equals("SUCCEEDED") || value.integer == 1 {
            self = .succeeded
        } else if value.equals("FAILED") || value.integer == 2 {
            self = .failed
        } else if value.equals("CANCELLED") || value.integer == 3 {
            self = .cancelled
        } else {
            return nil
        }
    }

    /// The end of a job without a status, told by its result code: 0 is success.
    init?(_ resultCode: JSONValue?, of step: String?) {
        guard step == "complete", let code = resultCode?.identifier else { return nil }
        self = code == "0" ? .succeeded : .failed
    }

    var outcome: Outcome? {
        switch self {
        case .inProgress: nil
        case .succeeded: .success
        case .failed, .cancelled: .failure
        }
    }
}
