import Martlet
import MartletPipeline

/// What an operator has to know of a consumer, told from what librdkafka reports: whether it is connected, what it lacks, and how
/// much there is still to read.
struct ConnectionWatch {
    private let port: SourcePort
    private let health: SourceHealth
    private let place: String
    /// Names, or regular expressions that begin with `^`.
    private let topics: [String]
    /// The last thing that went wrong with a connection: the reason for being without any.
    private var lastFailure: KafkaError?
    /// How many seconds in a row there has been no connection.
    private var secondsApart = 0
    /// How many seconds in a row some partitions have been somebody else's.
    private var secondsShared = 0
    /// How many seconds ago librdkafka last said something that has no place of its own; nil where that is over.
    private var secondsSinceTrouble: Int?
    private var leaderless: Set<KafkaPartition> = []
    /// Topics that were given to be read and then refused. librdkafka says so once, however long it lasts.
    private var refused: Set<String> = []
    /// What was said of topics that are not there or not allowed, until something of them is given to be read.
    private var absent: [String: KafkaError] = [:]
    /// Whether the group's last word was an assignment, and there is nothing in it and was nothing before.
    var isGivenNothing = false
    /// How many seconds in a row there has been nothing to read from.
    private var secondsWithout = 0

    /// How long it may take before an absent connection, and a group with other members, is a problem.
    private static let patience = 5
    /// The words that its warnings begin with.
    private static let subjects = ["topic", "partition", "leader", "shared", "offsets", "kafka"]
    /// How long a trouble stays, of which nobody says when it ends.
    private static let memory = 60

    /// - Parameter topics: what is to be read.
    init(port: SourcePort, health: SourceHealth, place: String, topics: [String]) {
        self.port = port
        self.health = health
        self.place = place
        self.topics = topics
        // What an earlier consumer had to say is not known of this one.
        port.monitor.clearWarnings { key in Self.subjects.contains { key == $0 || key.hasPrefix("\($0) ") } }
    }

    /// - Parameter topics: of which there are partitions to read nevertheless.
    mutating func take(_ error: KafkaError, reading topics: Set<String>) {
        switch error.code {
        case .credentials, .tls:
            lastFailure = error
            health.fails(.connection, error)
        case .unreachable:
            if error.libraryCode == Self.allBrokersDown { return isApart() }
            // The reason of a refused user stays, whatever follows from it.
            if lastFailure?.code == .credentials || lastFailure?.code == .tls { return }
            lastFailure = error
        case .missing, .accessRefused:
            if let topic = error.topic { absent[topic] = error }
            guard !topics.isEmpty, let topic = error.topic else { return health.fails(.topic, error) }
            warn("topic \(topic)", error)
            if error.code == .accessRefused, topics.contains(topic) { refused.insert(topic) }
            if topics.isSubset(of: refused) { health.fails(.topic, error) }
        case .group: health.fails(.group, error)
        default:
            secondsSinceTrouble = 0
            warn("kafka", error)
        }
    }

    /// What a broker was asked for at the start was not told.
    mutating func takeRefusal(_ error: KafkaError) {
        guard error.code == .unreachable else { return take(error, reading: []) }
        // Where connections could not be made, the reason is known already.
        lastFailure = lastFailure ?? error
        isApart()
    }

    /// A topic is given to be read, or something of it came: it is not refused.
    mutating func hasRead(_ topic: String) {
        absent[topic] = nil
        guard refused.remove(topic) != nil else { return }
        port.monitor.warn("topic \(topic)", nil)
        health.recovers(.topic)
    }

    /// Records came: there is a connection.
    mutating func hasReceived() {
        (secondsApart, lastFailure) = (0, nil)
        health.recovers(.connection)
    }

    /// - Parameter hasOffer: whether there are partitions of which the broker has not said where to begin.
    mutating func take(
        _ statistics: KafkaStatistics,
        cursors: [KafkaPartition: PartitionCursor],
        hasOffer: Bool
    ) {
        if statistics.isConnected {
            hasReceived()
        } else {
            secondsApart += 1
            if secondsApart >= Self.patience { isApart() }
        }
        forgetTrouble()
        showLag(statistics, cursors)
        showLeaders(statistics, cursors)
        showOthers(statistics, cursors)
        for topic in Set(cursors.keys.map(\.topic)).subtracting(refused) {
            absent[topic] = nil
            port.monitor.warn("topic \(topic)", nil)
        }
        secondsWithout = cursors.isEmpty && !hasOffer ? secondsWithout + 1 : 0
        if secondsWithout >= Self.patience { hasNothing() }
    }

    /// What became of telling the group; it is for those who look at its lag, so that it is a warning at most.
    func takeCommit(_ failure: KafkaError?) {
        port.monitor.warn(
            "offsets",
            failure.map {
                SourceMonitor.Problem(
                    "the consumer group could not be told how far the store has come: \($0.what)",
                    at: $0.place,
                    remedy: "nothing is lost by that, only tools that show the group's lag are behind; \($0.remedy)"
                )
            }
        )
    }

    func isStuck(_ partition: KafkaPartition, _ error: KafkaError) { warn("partition \(partition)", error) }

    func isMended(_ partition: KafkaPartition) { port.monitor.warn("partition \(partition)", nil) }

    /// There has been nothing to read from for a while. A new assignment ends it.
    private func hasNothing() {
        // Where all that is to be read is said not to be there.
        if let first = topics.first, let error = absent[first], topics.allSatisfy({ absent[$0] != nil }) {
            return health.fails(.topic, error)
        }
        // Before the group has answered there is nothing to say.
        guard isGivenNothing else { return }
        let isPattern = topics.contains { $0.hasPrefix("^") }
        health.fails(
            .group,
            SourceMonitor.Problem(
                "another member of the consumer group has every partition\(isPattern ? ", or no topic matches" : "")",
                at: place,
                remedy: "give this source a group of its own, or end the other one; it reads once it is given something"
            )
        )
    }

    private func isApart() {
        if let known = lastFailure, known.code == .credentials || known.code == .tls {
            return health.fails(.connection, known)
        }
        let detail = lastFailure.map { ": \($0.what)" } ?? ""
        health.fails(
            .connection,
            SourceMonitor.Problem("no broker answers\(detail)", at: place, remedy: KafkaError.reachRemedy)
        )
    }

    private mutating func forgetTrouble() {
        guard let seconds = secondsSinceTrouble else { return }
        secondsSinceTrouble = seconds < Self.memory ? seconds + 1 : nil
        if secondsSinceTrouble == nil { port.monitor.warn("kafka", nil) }
    }

    private func warn(_ key: String, _ error: KafkaError) {
        port.monitor.warn(key, SourceMonitor.Problem(error.what, at: error.place, remedy: error.remedy))
    }

    private func showLag(_ statistics: KafkaStatistics, _ cursors: [KafkaPartition: PartitionCursor]) {
        var parts: [String: Int64] = [:]
        for (partition, cursor) in cursors {
            guard let end = statistics.partitions[partition]?.end, end >= 0 else { continue }
            // What an untouched partition begins with is not known before the first record; an empty one has nothing.
            guard let next = cursor.next ?? (end == 0 ? 0 : nil) else { continue }
            parts[partition.description] = max(0, end - next)
        }
        if !parts.isEmpty { port.monitor.hasBacklog(parts.values.reduce(0, +), parts: parts) }
    }

    private mutating func showLeaders(_ statistics: KafkaStatistics, _ cursors: [KafkaPartition: PartitionCursor]) {
        let now = Set(cursors.keys.filter { statistics.partitions[$0]?.leader == -1 })
        for partition in leaderless.subtracting(now) { port.monitor.warn("leader \(partition)", nil) }
        for partition in now.subtracting(leaderless) {
            port.monitor.warn(
                "leader \(partition)",
                SourceMonitor.Problem(
                    "no broker leads partition \(partition.number) of \(partition.topic)",
                    at: partition.description,
                    remedy: "see which of its replicas is down: kafka-topics --describe --unavailable-partitions"
                )
            )
        }
        leaderless = now
    }

    private mutating func showOthers(_ statistics: KafkaStatistics, _ cursors: [KafkaPartition: PartitionCursor]) {
        let topics = Set(cursors.keys.map(\.topic))
        let others = statistics.partitions.filter {
            topics.contains($0.key.topic) && $0.value.leader >= 0 && cursors[$0.key] == nil
        }
        secondsShared = others.isEmpty ? 0 : secondsShared + 1
        guard secondsShared >= Self.patience, let first = others.keys.min() else {
            return port.monitor.warn("shared", nil)
        }
        port.monitor.warn(
            "shared",
            SourceMonitor.Problem(
                "\(others.count) partitions are read by another member of the consumer group, \(first) for one",
                at: first.description,
                remedy: "give this source a group of its own, or events of those partitions are missing here"
            )
        )
    }
}

extension ConnectionWatch {
    /// `RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN`.
    private static let allBrokersDown: Int32 = -187
}
