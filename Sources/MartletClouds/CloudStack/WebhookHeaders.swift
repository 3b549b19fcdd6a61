/// What CloudStack's webhooks say beside the body.
struct WebhookHeaders {
    /// `X-CS-Event-ID`: the id of the event's row, the same as in `listEvents`, and the same again on each retry.
    var eventID: String?
    /// `X-CS-Event`: the event type.
    var eventName: String?
    /// The message is a webhook's, as its `User-Agent` says too.
    var isWebhook: Bool

    /// The type of a delivery that somebody made by hand to try a webhook.
    static let testEvent = "TEST.WEBHOOK"

    init(_ headers: [String: String]) {
        guard !headers.isEmpty else {
            isWebhook = false
            return
        }
        eventID = headers["x-cs-event-id"]
        eventName = headers["x-cs-event"].flatMap { $0.isEmpty ? nil : $0 }
        isWebhook = eventName != nil || headers["user-agent"]?.hasPrefix("CS-Hookshot") == true
    }
}
