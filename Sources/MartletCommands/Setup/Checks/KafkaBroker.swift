import Logging
import MartletKafka
import MartletPipeline

/// Kafka, over its own protocol.
struct KafkaBroker: Broker {
    private let topic: String
    private let inspection: KafkaInspection
    private let watch: KafkaWatch
    private let patience: Duration
    let place: String

    /// - Parameter patience: how long brokers may take for each answer.
    /// - Throws: ``CommandFailure`` where the properties cannot be used.
    init(target: KafkaTarget, certificateAuthority: String?, patience: Duration = .seconds(10)) throws {
        self.patience = patience
        var fields: [String: ComponentSettings.Value] = [
            "bootstrap-servers": .strings(target.bootstrap.map(\.description))
        ]
        if let file = target.propertiesFile { fields["properties-file"] = .string(file) }
        if let certificateAuthority { fields["ca-file"] = .string(certificateAuthority) }
        topic = target.topic
        // The findings say what there is to say.
        let logger = Logger(label: "martlet.setup") { _ in SwiftLogNoOpLogHandler() }
        do {
            let settings = try KafkaSettings(ComponentSettings(fields), for: .both)
            place = settings.place
            inspection = KafkaInspection(settings, logger: logger)
            watch = KafkaWatch(settings, logger: logger)
        } catch {
            throw CommandFailure("Kafka's settings cannot be used: \(error)", status: .usage)
        }
    }

    func findings() async -> [Finding] {
        let report: KafkaReport
        do {
            report = try await inspection.look(at: [topic], timeout: patience)
        } catch {
            return [BrokerFailure(error).finding(Finding.connection)]
        }
        let connection = Finding.ok(Finding.connection, "Connected to \(place).")
        guard let seen = report.topics.first else { return [connection] }
        if let error = seen.error, error.code != .missing {
            return [connection, BrokerFailure(error).finding("topic")]
        }
        let advice = KafkaAdvice(topic: topic, facts: KafkaFacts(report, seen)).findings
        return [connection] + advice + (seen.error == nil ? [permissions] : [])
    }

    private var permissions: Finding {
        .unknown(
            "permissions",
            "Whether CloudStack may write to the topic was not tried, because that would make an event.",
            remedy:
                "Look: kafka-acls.sh --list --topic \(topic); CloudStack needs Describe and Write, Martlet Describe and Read."
        )
    }

    func roundTrip() async throws {
        do {
            _ = try await inspection.probe()
        } catch {
            throw BrokerFailure(error)
        }
    }

    func withBodies<Result: Sendable>(
        _ use: @escaping @Sendable (AsyncStream<[UInt8]>) async throws -> Result
    ) async throws -> Result {
        do {
            return try await watch.withValues(of: topic, use)
        } catch let error as KafkaError {
            throw BrokerFailure(error)
        }
    }
}

extension BrokerFailure {
    fileprivate init(_ error: KafkaError) {
        self.init(what: error.what, place: error.place, remedy: error.remedy)
    }
}

extension KafkaFacts {
    fileprivate init(_ report: KafkaReport, _ topic: KafkaReport.Topic) {
        let partitions = topic.partitions.map { partition in
            Partition(
                number: Int(partition.number),
                hasLeader: partition.leader != nil,
                replicas: partition.replicas.count,
                inSync: partition.inSync.count,
                offsets: topic.bounds[partition.number]
            )
        }
        self.init(
            brokers: report.brokers.count,
            partitions: topic.error == nil ? partitions : nil,
            settings: topic.configuration.isEmpty ? nil : topic.configuration
        )
    }
}
