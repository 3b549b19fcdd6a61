import MartletPipeline

/// What a source is told of the notifications of OpenStack's services, which oslo.messaging publishes.
package struct NotificationSettings: Sendable, Hashable {
    /// As oslo.messaging has them; each is the last word of a routing key.
    static let allPriorities = ["audit", "debug", "info", "warn", "error", "critical", "sample"]
    /// oslo.messaging's own default, nova's for versioned notifications, and ironic's, which has no other.
    static let usualTopics = ["notifications", "versioned_notifications", "ironic_versioned_notifications"]
    /// What `control_exchange` is where nobody says otherwise: oslo.messaging's own default and the services'.
    static let usualExchanges: Set<String> = [
        "openstack", "aodh", "barbican", "ceilometer", "central", "cinder", "cyborg", "designate", "dns", "glance",
        "heat", "ironic", "keystone", "magnum", "manila", "masakari", "mistral", "murano", "neutron", "nova", "octavia",
        "placement", "sahara", "senlin", "swift", "trove", "watcher", "zaqar", "zun",
    ]

    var topics: [String]
    var priorities: [String]
    /// How the services declare their exchanges, where the operator has said so.
    var declared: ExchangeFlags?
    /// Whether the queues that publishers make are emptied, too.
    var drainsDefaultQueues: Bool

    /// The routing keys, which are the names of the publishers' own queues, too.
    var keys: [String] { topics.flatMap { topic in priorities.map { "\(topic).\($0)" } } }

    init(
        topics: [String] = usualTopics,
        priorities: [String] = allPriorities,
        declared: ExchangeFlags? = nil,
        drainsDefaultQueues: Bool = false
    ) {
        self.topics = topics
        self.priorities = priorities
        self.declared = declared
        self.drainsDefaultQueues = drainsDefaultQueues
    }

    /// - Returns: `nil` where the source is not one of notifications.
    init?(_ settings: ComponentSettings, publisher: PublisherFlags) throws(ComponentError) {
        let topics = settings.strings("topics")
        guard settings.string("format") == "oslo" || !topics.isEmpty else {
            for field in ["priorities", "durable-exchanges", "drain-default-queues"] where settings.has(field) {
                throw ComponentError(
                    field: field,
                    "is about the notifications of OpenStack's services: say format: oslo, or name their topics"
                )
            }
            return nil
        }
        guard !settings.has("bindings") else {
            throw ComponentError(
                field: "bindings",
                "is what topics and priorities say for notifications: take it out, or say format: and bindings without topics"
            )
        }
        let priorities = settings.strings("priorities")
        for priority in priorities where !Self.allPriorities.contains(priority) {
            throw ComponentError(
                field: "priorities",
                Spelling.unknown("priority", priority, known: Self.allPriorities)
            )
        }
        for topic in topics
        where topic.isEmpty || topic.utf8.count > 240 || topic.contains(where: { "*#".contains($0) }) {
            throw ComponentError(
                field: "topics",
                "has “\(topic.prefix(40))”: write each as the service's own configuration does, without its priority"
            )
        }
        self.init(
            topics: topics.isEmpty ? Self.usualTopics : topics,
            priorities: priorities.isEmpty ? Self.allPriorities : priorities,
            declared: ExchangeFlags(settings.boolean("durable-exchanges"), publisher),
            drainsDefaultQueues: settings.boolean("drain-default-queues") ?? false
        )
    }
}

extension ExchangeFlags {
    /// - Parameter isDurable: what the source's own field says, which stands above the address.
    fileprivate init?(_ isDurable: Bool?, _ publisher: PublisherFlags) {
        guard let durable = isDurable ?? publisher.isDurable else { return nil }
        self.init(isDurable: durable, isAutoDelete: publisher.isAutoDelete ?? false)
    }
}
