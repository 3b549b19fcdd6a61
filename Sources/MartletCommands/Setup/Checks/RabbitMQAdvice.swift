/// What RabbitMQ's production guides say to what was seen.
struct RabbitMQAdvice {
    let target: RabbitMQTarget
    /// The queue of Martlet's that was looked for.
    let queueName: String
    let facts: RabbitMQFacts

    var findings: [Finding] {
        [version, transport] + exchange + [queue, permissions]
    }

    private var version: Finding {
        let name = "\(facts.product) \(facts.version)"
        let numbers = facts.version.split(separator: ".").prefix(2).map { Int($0.prefix(while: \.isNumber)) }
        guard facts.product == "RabbitMQ", let first = numbers.first, let major = first else {
            return .unknown(
                "broker",
                "It is \(name), which nothing is known of.",
                remedy: "Martlet is tested with RabbitMQ."
            )
        }
        let minor = numbers.count > 1 ? numbers[1] ?? 0 : 0
        if (major, minor) < (3, 8) {
            return .advice(
                "broker",
                "It is \(name), which has no quorum queues.",
                remedy: "Upgrade, or say queue-type: classic in Martlet's source."
            )
        }
        if major < 4 {
            return .advice(
                "broker",
                "It is \(name). The series 3 gets no more fixes from the community.",
                remedy: "Upgrade to 4, with all feature flags enabled before each step."
            )
        }
        return .ok("broker", "It is \(name).")
    }

    private var transport: Finding {
        if target.usesTLS { return .ok("transport", "TLS, and the certificate is the broker's.") }
        if target.address.isLoopback { return .ok("transport", "Without TLS, on this machine only.") }
        return .advice(
            "transport",
            "Without TLS: passwords and events cross the network in the clear.",
            remedy: "Give RabbitMQ a certificate and say --tls."
        )
    }

    private var exchange: [Finding] {
        let present = Finding.ok("exchange", "There is an exchange \(target.exchange).")
        switch facts.exchange {
        case .asDeclared:
            return [.ok("exchange", "There is an exchange \(target.exchange), durable and of type topic.")]
        case .missing:
            return [
                .problem(
                    "exchange",
                    "There is no exchange \(target.exchange) in the virtual host \(target.virtualHost).",
                    remedy:
                        "CloudStack makes it with its first event. Restart a management server and look again; if it is still "
                        + "missing, look into its log for RabbitMQEventBus."
                )
            ]
        case .different(let reason):
            return [
                .problem(
                    "exchange",
                    "The exchange \(target.exchange) is another one than CloudStack declares, durable and of type topic: \(reason). "
                        + "CloudStack cannot publish to it.",
                    remedy:
                        "Delete it, and CloudStack makes it anew: rabbitmqadmin delete exchange name=\(target.exchange.quotedForShell)"
                )
            ]
        case .notComparable:
            return [
                present,
                .unknown(
                    "durability",
                    "Whether the exchange is durable and of type topic is shown only to a user who may configure it.",
                    remedy: "Look: rabbitmqctl list_exchanges -p \(target.virtualHost.quotedForShell) name type durable"
                ),
            ]
        }
    }

    private var queue: Finding {
        guard let queue = facts.queue else {
            return .advice(
                "queue",
                "There is no queue \(queueName). What CloudStack publishes before a queue is bound is gone.",
                remedy: "Start Martlet with its source: it makes the queue and binds it."
            )
        }
        let waiting = "\(Measures.count(queue.messages)) message\(queue.messages == 1 ? "" : "s") waiting"
        guard queue.consumers > 0 else {
            return .advice(
                "queue",
                "Nobody reads the queue \(queue.name), \(waiting).",
                remedy: "Start Martlet: \"martlet status\" says what keeps its source from running."
            )
        }
        return .ok("queue", "The queue \(queue.name) is being read, \(waiting).")
    }

    private var permissions: Finding {
        .unknown(
            "permissions",
            "The login works. Whether this user may publish to the exchange was not tried, because that would make an event.",
            remedy:
                "Look: rabbitmqctl list_user_permissions \(target.username.quotedForShell); CloudStack needs configure and write for "
                + "\(target.exchange)."
        )
    }
}
