/// What the topic's settings mean for events: how long they stay, and what may remove them early.
extension KafkaAdvice {
    func settings(_ partitions: [KafkaFacts.Partition]) -> [Finding] {
        guard let settings = facts.settings else {
            return [
                .unknown(
                    "settings",
                    "The topic's settings could not be read: retention and min.insync.replicas are not known.",
                    remedy: "Allow DescribeConfigs on the topic, or look: kafka-configs.sh --describe --topic \(topic)"
                )
            ]
        }
        var findings = [retention]
        if let bytes = number("retention.bytes"), bytes >= 0 {
            findings.append(
                .advice(
                    "size",
                    "retention.bytes is \(Measures.size(Int(clamping: bytes))) a partition: a burst of events shortens the retention.",
                    remedy: "Leave it at -1, or make it large enough for a week of your cloud."
                )
            )
        }
        if settings["cleanup.policy"]?.contains("compact") == true {
            findings.append(
                .problem(
                    "cleanup",
                    "cleanup.policy is \(settings["cleanup.policy"] ?? ""): of each resource only the last event stays, and events without a "
                        + "key, such as alerts, are refused.",
                    remedy: "Set cleanup.policy=delete on the topic."
                )
            )
        }
        if settings["unclean.leader.election.enable"] == "true" {
            findings.append(
                .advice(
                    "leaders",
                    "unclean.leader.election.enable is true: a replica that lacks events may become the leader, and they are gone.",
                    remedy: "Set it to false on the topic."
                )
            )
        }
        return findings
    }

    private var retention: Finding {
        guard let milliseconds = number("retention.ms") else {
            return .unknown("retention", "retention.ms could not be read.", remedy: "It should be seven days at least.")
        }
        guard milliseconds >= 0 else { return .ok("retention", "Events stay for good.") }
        let text = Measures.duration(.milliseconds(milliseconds))
        guard milliseconds < Self.shortestRetention else { return .ok("retention", "Events stay for \(text).") }
        return .advice(
            "retention",
            "Events stay for \(text). Where Martlet is down for longer than that, events are lost.",
            remedy: "Set retention.ms=\(Self.shortestRetention), seven days, or longer than Martlet may ever be down."
        )
    }
}
