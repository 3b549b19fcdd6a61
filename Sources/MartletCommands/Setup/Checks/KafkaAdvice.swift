/// What Kafka's production guides say to what was seen.
struct KafkaAdvice {
    let topic: String
    let facts: KafkaFacts

    /// A weekend and a holiday: for that long Martlet may be down without losing an event.
    static let shortestRetention: Int64 = 7 * 86_400_000
    private static let safeReplicas = 3
    private static let safeInSync = 2

    var findings: [Finding] {
        guard let partitions = facts.partitions else { return [brokers, missingTopic] }
        return [brokers] + leaders(partitions) + [replication(partitions)] + inSync(partitions) + settings(partitions)
            + [order(partitions)] + content(partitions)
    }

    private var brokers: Finding {
        .ok("brokers", facts.brokers == 1 ? "1 broker is there." : "\(facts.brokers) brokers are there.")
    }

    private var missingTopic: Finding {
        .problem(
            "topic",
            "There is no topic \(topic), or this user may not see it. Where brokers do not make topics by themselves, CloudStack's "
                + "events are lost; where they do, it will have their defaults, often a single replica.",
            remedy: "Make it: kafka-topics.sh --create --topic \(topic) --partitions 6 --replication-factor 3 "
                + "--config min.insync.replicas=2 --config retention.ms=\(Self.shortestRetention)"
        )
    }

    private func leaders(_ partitions: [KafkaFacts.Partition]) -> [Finding] {
        let orphans = partitions.filter { !$0.hasLeader }.map { "\($0.number)" }
        guard !orphans.isEmpty else { return [] }
        return [
            .problem(
                "leaders",
                "Without a leader: partition \(orphans.joined(separator: ", ")) of \(topic). Nothing can be written there or read.",
                remedy: "Bring the brokers that hold these replicas back."
            )
        ]
    }

    private func replication(_ partitions: [KafkaFacts.Partition]) -> Finding {
        let replicas = partitions.map(\.replicas).min() ?? 0
        guard replicas < Self.safeReplicas else { return .ok("replication", "\(replicas) replicas of each partition.") }
        let loss =
            replicas <= 1
            ? "One replica only: with its broker the events are gone."
            : "\(replicas) replicas: no broker can fail while another one is in maintenance."
        let remedy =
            facts.brokers < Self.safeReplicas
            ? "Production wants \(Self.safeReplicas); the cluster has \(facts.brokers), so add brokers first."
            : "Raise it to \(Self.safeReplicas) with kafka-reassign-partitions.sh."
        return .advice("replication", loss, remedy: remedy)
    }

    private func inSync(_ partitions: [KafkaFacts.Partition]) -> [Finding] {
        var findings: [Finding] = []
        let behind = partitions.filter { $0.inSync < $0.replicas }.count
        if behind > 0 {
            findings.append(
                .advice(
                    "in sync",
                    "In \(behind) of \(partitions.count) partitions not all replicas have everything.",
                    remedy: "Look for a broker that is down or slow."
                )
            )
        }
        guard let minimum = number("min.insync.replicas") else { return findings }
        let (replicas, fewest) = (partitions.map(\.replicas).min() ?? 0, partitions.map(\.inSync).min() ?? 0)
        if fewest < minimum {
            findings.append(
                .problem(
                    "min.insync",
                    "min.insync.replicas is \(minimum), and a partition has only \(fewest) in sync: writes with acks=all are refused, "
                        + "and CloudStack loses its events.",
                    remedy: replicas < minimum
                        ? "Set min.insync.replicas of \(topic) below its \(replicas) replicas, or add replicas."
                        : "Bring the missing brokers back."
                )
            )
        } else if minimum < Self.safeInSync {
            findings.append(
                .advice(
                    "min.insync",
                    "min.insync.replicas is \(minimum): an event that a single broker has counts as written.",
                    remedy: "Set it to \(Self.safeInSync) on the topic, with \(Self.safeReplicas) replicas."
                )
            )
        } else if minimum >= replicas {
            findings.append(
                .advice(
                    "min.insync",
                    "min.insync.replicas is \(minimum), as many as there are replicas: one broker down, and writes are refused.",
                    remedy: "Have one replica more than min.insync.replicas."
                )
            )
        } else {
            findings.append(.ok("min.insync", "min.insync.replicas is \(minimum)."))
        }
        return findings
    }

    private func order(_ partitions: [KafkaFacts.Partition]) -> Finding {
        .ok(
            "order",
            partitions.count == 1
                ? "1 partition: all events in order."
                : "\(partitions.count) partitions: the events of a resource stay in order, those without a resource do not."
        )
    }

    private func content(_ partitions: [KafkaFacts.Partition]) -> [Finding] {
        let offsets = partitions.compactMap(\.offsets)
        guard offsets.count == partitions.count, !offsets.isEmpty else { return [] }
        let records = offsets.reduce(Int64(0)) { $0 + $1.upperBound - $1.lowerBound }
        if records > 0 { return [.ok("content", "About \(Measures.count(records)) records are there to read.")] }
        return [
            .unknown(
                "content",
                "The topic is empty: nothing shows that CloudStack writes to it.",
                remedy: "Do something in CloudStack, log in for one, and look again; or give --management-server."
            )
        ]
    }

    func number(_ setting: String) -> Int64? { facts.settings?[setting].flatMap { Int64($0) } }
}
