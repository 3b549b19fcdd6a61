/// What is to be said of what was seen on the services' broker.
struct OpenStackAdvice {
    let target: OpenStackTarget
    let facts: OpenStackFacts

    var findings: [Finding] { [broker] + exchanges + [queue] + defaultQueues + [permissions] }

    private var broker: Finding {
        let name = "\(facts.product) \(facts.version)"
        guard facts.product == "RabbitMQ" else {
            return .unknown(
                "broker",
                "It is \(name), which nothing is known of.",
                remedy: "Martlet is tested with RabbitMQ."
            )
        }
        return .ok("broker", "It is \(name).")
    }

    private var exchanges: [Finding] {
        target.exchanges.map { name in
            if facts.exchanges.contains(name) { return .ok("exchange \(name)", "There is an exchange \(name).") }
            let service = OpenStackService.named(name)
            return .problem(
                "exchange \(name)",
                "There is no exchange \(name) in the virtual host \(target.virtualHost): nothing comes from \(service.name).",
                remedy:
                    "\(service.name) makes it with its first message. Is driver set in [oslo_messaging_notifications], and does the "
                    + "service use this broker and this virtual host (transport_url there, else in [DEFAULT])?"
            )
        }
    }

    private var queue: Finding {
        guard let queue = facts.queue else {
            return .advice(
                "queue",
                "There is no queue \(target.queue). What is published before Martlet has bound it does not come.",
                remedy: "Start Martlet with its source: it makes the queue and binds it."
            )
        }
        let waiting = Self.waiting(queue)
        guard queue.consumers > 0 else {
            return .advice(
                "queue",
                "Nobody reads the queue \(queue.name), \(waiting).",
                remedy: "Start Martlet: \"martlet status\" says what keeps its source from running."
            )
        }
        return .ok("queue", "The queue \(queue.name) is being read, \(waiting).")
    }

    private var defaultQueues: [Finding] {
        facts.defaultQueues.map { queue in
            let waiting = Self.waiting(queue)
            if queue.consumers > 0 {
                return .ok(queue.name, "The publishers' queue \(queue.name) is being read, \(waiting).")
            }
            guard queue.messages > 0 else {
                return .ok(queue.name, "The publishers' queue \(queue.name) is empty, and nobody reads it.")
            }
            return .advice(
                queue.name,
                "Nobody reads the publishers' queue \(queue.name), \(waiting): it fills until the broker has no room.",
                remedy:
                    "Say drain-default-queues: true in Martlet's source, or give the queue a policy with a max-length. What Martlet's own "
                    + "queue has had for more than a day is better purged first: rabbitmqctl purge_queue -p "
                    + "\(target.virtualHost.quotedForShell) \(queue.name.quotedForShell)"
            )
        }
    }

    private var permissions: Finding {
        let (configure, write, read) = target.permissions
        return .unknown(
            "permissions",
            "The login works. What this user may do was not tried, because that would change something.",
            remedy:
                "Look: rabbitmqctl list_user_permissions \(target.username.quotedForShell); it needs \(configure) to configure, "
                + "\(write) to write and \(read) to read."
        )
    }

    private static func waiting(_ queue: OpenStackFacts.Queue) -> String {
        "\(Measures.count(queue.messages)) message\(queue.messages == 1 ? "" : "s") waiting"
    }
}
