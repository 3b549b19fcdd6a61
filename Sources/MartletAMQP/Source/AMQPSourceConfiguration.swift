package import MartletPipeline

/// The settings of a source, checked.
package struct AMQPSourceConfiguration: Sendable {
    package enum QueueType: String, Sendable, CaseIterable {
        case quorum
        case classic
    }

    /// The source's queue.
    package enum Queue: Sendable, Hashable {
        /// One of its own that outlives everything.
        case durable(String, QueueType)
        /// One that the broker names and removes with the connection, for a look without a trace.
        case temporary
    }

    package var connection: AMQPSettings
    package var exchanges: [String]
    package var bindings: [String]
    package var queue: Queue
    /// In bytes; 0 leaves it to the broker's policies.
    package var maximumQueueBytes: Int
    package var prefetch: UInt16
    /// `nil` where it is no source of OpenStack's notifications.
    package var notifications: NotificationSettings?

    /// A look without a trace: through a queue that goes with the connection.
    package init(watching connection: AMQPSettings, exchanges: [String], bindings: [String] = ["#"]) {
        self.connection = connection
        self.exchanges = exchanges
        self.bindings = bindings
        queue = .temporary
        maximumQueueBytes = 256 << 20
        prefetch = 2_000
    }

    /// - Parameter name: the source's.
    package init(_ settings: ComponentSettings, name: String) throws(ComponentError) {
        connection = try AMQPSettings(settings)
        notifications = try NotificationSettings(settings, publisher: connection.publisher)
        guard notifications == nil || settings.has("exchanges") else {
            throw ComponentError(
                field: "exchanges",
                "is missing: name the services' exchanges, [nova, neutron, glance, openstack, keystone] for one; cinder's is openstack"
            )
        }
        // An empty list was meant so.
        exchanges = settings.has("exchanges") ? settings.strings("exchanges") : ["cloudstack-events"]
        bindings = notifications?.keys ?? (settings.has("bindings") ? settings.strings("bindings") : ["#"])
        let queueName = settings.string("queue") ?? "martlet-\(name)"
        let type = settings.string("queue-type").flatMap(QueueType.init) ?? .quorum
        queue = .durable(queueName, type)
        maximumQueueBytes = settings.integer("queue-max-bytes") ?? 2 << 30
        prefetch = UInt16(clamping: settings.integer("prefetch") ?? 2_000)
        try Self.check([queueName], "queue")
        try Self.check(exchanges, "exchanges")
        guard !queueName.hasPrefix("amq.") else {
            throw ComponentError(field: "queue", "begins with amq., which is RabbitMQ's own: choose another name")
        }
        guard !exchanges.contains("") else {
            throw ComponentError(field: "exchanges", "names the default exchange, to which nothing can be bound")
        }
        if notifications != nil, NotificationSettings.usualExchanges.union(exchanges).contains(queueName) {
            // The mark has the queue's name. In the place of a service's exchange it would take the service's messages.
            throw ComponentError(
                field: "queue",
                "has the name of a service's exchange, and Martlet makes an exchange of its queue's name: choose another, martlet for one"
            )
        }
        for binding in bindings where binding.utf8.count > 255 {
            throw ComponentError(field: "bindings", "has a pattern of more than 255 bytes: “\(binding.prefix(40))…”")
        }
    }

    private static func check(_ names: [String], _ field: String) throws(ComponentError) {
        for name in names where name.utf8.count > 255 || name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw ComponentError(field: field, "has a name of more than 255 bytes, or with a control character")
        }
        guard field == "exchanges" || !names.contains("") else {
            throw ComponentError(field: field, "is empty: leave it out, or give it a name")
        }
    }

    /// What is worth a word.
    var warnings: [ComponentWarning] {
        var warnings = connection.warnings
        if exchanges.isEmpty {
            warnings.append(
                ComponentWarning(field: "exchanges", "none is named: somebody else has to bind the queue")
            )
        }
        return warnings
    }
}
