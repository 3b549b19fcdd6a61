/// What a way out of CloudStack cannot do, whatever Martlet does.
enum SetupLimits {
    static func of(_ target: SetupTarget) -> [String] {
        switch target {
        case .kafka: kafka
        case .rabbitMQ(let rabbit): rabbitMQ + (rabbit.usesTLS ? [unverifiedTLS] : [])
        case .webhook: webhook
        }
    }

    private static let kafka = [
        """
        A record has no category, no publisher and no type of its resource. Martlet tells the five categories apart by what is in \
        the body; the event of a state machine and the phase of a job are not in it, and stay unknown.
        """,
        "CloudStack does not look at the outcome of a write and does not wait for its producer when it stops: what could not be "
            + "written within the retries is lost, and CloudStack's log does not say so.",
        "Alerts and events without a resource have no key: between partitions their order is not kept.",
        sessionKeys("the topic"),
    ]

    private static let rabbitMQ = [
        "CloudStack keeps nothing back: what happens while the broker is away or blocks its publishers is lost.",
        "It publishes without confirms and without the flag mandatory: what no queue is bound for vanishes. Start Martlet, which binds "
            + "its queue, before you restart CloudStack.",
        "It knows one address. For a cluster give it a name that always leads to a running node.",
        "It opens a channel for each event, in the thread of the API call: a slow broker makes the API slow.",
        sessionKeys("the exchange"),
    ]

    private static let unverifiedTLS =
        "CloudStack's client encrypts, but accepts every certificate: it does not notice somebody in between."

    private static let webhook = [
        "Only actions are sent: no usage, no alerts, no state changes, no jobs.",
        "Three tries (webhook.delivery.tries), one right after the other, each ten seconds long at most (webhook.delivery.timeout). "
            + "Then the event is lost.",
        "The account is the caller's, not the owner's; several threads deliver, so the order is not strict.",
        "Newer versions refuse addresses without TLS (webhook.delivery.allow.http), private and reserved networks "
            + "(webhook.delivery.blocklist), the management server's own addresses (webhook.delivery.block.local.addresses), and "
            + "redirects (webhook.delivery.allow.redirects).",
    ]

    private static func sessionKeys(_ place: String) -> String {
        "The parameters of jobs hold the callers' session keys. Martlet cuts them before it stores anything, but \(place) has them: "
            + "let nobody else read it."
    }
}
