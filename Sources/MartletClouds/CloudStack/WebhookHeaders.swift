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
        isWebhook = false
        // Looked through instead of asked three times: a broker's messages have one header or two.
        for (name, value) in headers {
            switch name {
            case "x-cs-event-id": eventID = value
            case "x-cs-event" where !value.isEmpty:
                eventName = value
                isWebhook = true
            case "user-agent" where value.hasPrefix("CS-Hookshot"): isWebhook = true
            default: break
            }
        }
    }
}
