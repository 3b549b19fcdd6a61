import MartletPipeline

extension SettingsDraft {
    /// What a producer's properties mean together: idempotence needs the acknowledgement of all replicas, repetition and few
    /// requests in flight, and the user may insist on less.
    mutating func settleProducer() throws(ComponentError) {
        settleAcknowledgements()
        if let idempotence = chosen["enable.idempotence"], idempotence.value == "false" {
            warnings.append(
                idempotence.origin.warning(
                    idempotence.writtenName,
                    """
                    is false: what the producer tries again may be there twice, and the order within a resource rests on \
                    one request in flight
                    """
                )
            )
            if chosen["max.in.flight.requests.per.connection"] == nil {
                choose("max.in.flight.requests.per.connection", "1", idempotence.origin)
            }
        } else {
            leaveOut("message.send.max.retries", where: { $0 == "0" }, "is 0")
            leaveOut("max.in.flight.requests.per.connection", where: { Int($0) ?? 0 > 5 }, "is more than 5")
        }
        settleTimeout()
        try checkLinger()
        // A record that the brokers take must have room.
        if let largest = chosen["message.max.bytes"], let bytes = Int(largest.value), bytes > 8 << 20,
            chosen["queue.buffering.max.kbytes"] == nil
        {
            choose(
                "queue.buffering.max.kbytes",
                String(min(bytes, 1 << 30) / 256),
                largest.origin,
                as: largest.writtenName
            )
        }
        if let partitioner = chosen["partitioner"], !partitioner.value.hasPrefix("murmur2") {
            warnings.append(
                partitioner.origin.warning(
                    partitioner.writtenName,
                    "is \(partitioner.value): Java's clients put a key into another partition"
                )
            )
        }
    }

    private mutating func settleAcknowledgements() {
        guard let acks = chosen["request.required.acks"], !["all", "-1"].contains(acks.value) else { return }
        warnings.append(
            acks.origin.warning(
                acks.writtenName,
                "is \(acks.value), not all: an event may be lost with the broker that took it, and is sent without idempotence"
            )
        )
        if chosen["enable.idempotence"]?.value != "false" { choose("enable.idempotence", "false", acks.origin) }
    }

    /// A send has to end: without a bound a dead broker would hold it for good.
    private mutating func settleTimeout() {
        guard let timeout = chosen["message.timeout.ms"], let milliseconds = Int(timeout.value) else { return }
        let bounded = milliseconds == 0 ? 300_000 : min(max(milliseconds, 1_000), 300_000)
        guard bounded != milliseconds else { return }
        warnings.append(
            timeout.origin.warning(
                timeout.writtenName,
                "is \(milliseconds) ms, and has to be from 1 s to 5 min: \(bounded / 1_000) s is taken"
            )
        )
        choose("message.timeout.ms", String(bounded), timeout.origin, as: timeout.writtenName)
    }

    /// librdkafka makes no client whose records are over before they go.
    private func checkLinger() throws(ComponentError) {
        guard let linger = chosen["queue.buffering.max.ms"], let wait = Int(linger.value) else { return }
        let timeout = chosen["message.timeout.ms"]?.value ?? OwnProperties.producerDefaults["message.timeout.ms"] ?? ""
        guard let bound = Int(timeout), wait >= bound else { return }
        throw linger.origin.error(
            linger.writtenName,
            "is \(wait) ms, as long as an event may take at all (\(bound) ms): make it shorter"
        )
    }

    private mutating func leaveOut(_ name: String, where isBad: (String) -> Bool, _ what: String) {
        guard let property = chosen[name], isBad(property.value) else { return }
        warnings.append(
            property.origin.warning(
                property.writtenName,
                "\(what), which an idempotent producer cannot have: it is left out"
            )
        )
        chosen[name] = nil
    }
}
