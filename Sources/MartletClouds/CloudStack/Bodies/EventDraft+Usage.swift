import Martlet
import MartletJSON

extension EventDraft {
    /// A usage event's body, made in CloudStack's `UsageEventUtils`: `account`, `zone`, `event`, `resource`, `id`.
    mutating func readUsage() {
        readName()
        readTime()
        readResource(type: "resource", id: "id")
        if resourceType == "Template", name.topicWord?.hasPrefix("ISO-") == true { resourceType = "Iso" }
        fields.tenantID = body["account"]?.identifier
    }

    /// An alert's body, made in CloudStack's `AlertGenerator`: `event`, `dataCenterId`, `podId`, `subject`, `body`.
    ///
    /// All are warnings: the same type is sent for a trouble and for its end, so that none of them is surely an outage.
    mutating func readAlert() {
        readName()
        readTime()
        resourceType = key?.resource.flatMap { EntityNames.resourceType(of: $0.utf8) }
        resourceID = key?.id
        fields.severity = .warning
    }

    /// A body of no known shape, CloudStack's `null` at boot, and what is sent to try a webhook.
    mutating func readUnknown() {
        readName()
        readTime()
        resourceType = key?.resource.flatMap { EntityNames.resourceType(of: $0.utf8) }
        resourceID = key?.id
        if name.topicWord == nil, body["CloudStack"]?.equals("works!") == true {
            name = EventName(WebhookHeaders.testEvent)
        } else if headers.isWebhook, key == nil, let event = headers.eventName, event != WebhookHeaders.testEvent {
            // Webhooks deliver actions and nothing else.
            fields.category = .action
        }
    }
}
