/// What CloudStack's guards will say to a URL, as far as it can be seen without CloudStack.
struct WebhookAdvice {
    let target: WebhookTarget
    /// The addresses that the URL's host has from here; empty where it has none.
    let isPrivate: Bool?

    var findings: [Finding] { [scheme, network, delivery] }

    private var scheme: Finding {
        if target.url.lowercased().hasPrefix("https:") { return .ok("scheme", "The URL is https.") }
        return .advice(
            "scheme",
            "The URL is plain http: newer versions of CloudStack refuse it, and everybody on the way can read the events.",
            remedy: "Put a proxy with a certificate before Martlet; or set webhook.delivery.allow.http to true."
        )
    }

    private var network: Finding {
        switch isPrivate {
        case true?:
            .advice(
                "network",
                "The host is an address of a private or reserved network: newer versions of CloudStack refuse it.",
                remedy: "Take the network out of webhook.delivery.blocklist, or use an address that is not in it."
            )
        case false?: .ok("network", "The host is an address that CloudStack does not block.")
        case nil:
            .unknown(
                "network",
                "The host is a name: what address it has for CloudStack is not known here.",
                remedy: "If it is private or reserved, newer versions refuse it: webhook.delivery.blocklist."
            )
        }
    }

    private var delivery: Finding {
        .unknown(
            "delivery",
            "Whether CloudStack reaches Martlet was not tried: only CloudStack can.",
            remedy: "Send a test delivery from its console, and look: martlet events --type TEST.WEBHOOK"
        )
    }
}
