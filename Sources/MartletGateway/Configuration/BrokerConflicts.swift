import Foundation
import MartletAMQP
import MartletKafka
import MartletPipeline
import Yams

/// What each part of a configuration may say for itself and not beside another: two sources that would share one stream, and a
/// forwarder that feeds its own source.
struct BrokerConflicts {
    /// What a source reads, or a forwarder writes.
    private struct Stream: Hashable {
        /// `kafka://k1:9092`, hosts in order of their names, without credentials.
        var place: String
        var name: String
    }

    let reader: ConfigurationReader
    let root: Node

    /// Reports what does not go together.
    func check(_ configuration: Configuration) {
        var readers: [Stream: String] = [:]
        var sources: [Stream: String] = [:]
        for source in configuration.sources {
            if let share = share(source) {
                if let other = sources[share] {
                    reader.report(
                        "reads through the same “\(share.name)” as \(other), so that each would get a part of the events; "
                            + "give it one of its own",
                        at: node("sources", source.name),
                        path: "sources.\(source.name).\(source.kind)"
                    )
                }
                sources[share] = source.name
            }
            for stream in streams(of: source) { readers[stream] = source.name }
        }
        for forwarder in configuration.forwarders {
            guard let stream = stream(of: forwarder), let source = readers[stream] else { continue }
            // An exchange may be read by patterns that leave out what is written.
            let isCertain = forwarder.kind == "kafka"
            reader.report(
                "writes to “\(stream.name)”, which the source \(source) reads: each event would come back for ever; "
                    + (isCertain
                        ? "write to another topic" : "write to another exchange, or bind the source to other keys"),
                at: node("forwarders", forwarder.name),
                path: "forwarders.\(forwarder.name).\(forwarder.kind)",
                severity: isCertain ? .error : .warning
            )
        }
    }

    private func node(_ part: String, _ name: String) -> Node? { root.mapping?[Node(part)]?.mapping?[Node(name)] }

    /// The consumer group or the queue.
    private func share(_ source: Configuration.SourceConfiguration) -> Stream? {
        switch source.kind {
        case "kafka":
            guard let kafka = try? KafkaSettings(source.settings, for: .consumer),
                let group = source.settings.string("group") ?? kafka.group
            else { return nil }
            return Stream(place: place(kafka), name: group)
        case "amqp":
            guard let queue = source.settings.string("queue"), let place = amqpPlace(source.settings) else {
                return nil
            }
            return Stream(place: place, name: queue)
        default: return nil
        }
    }

    private func streams(of source: Configuration.SourceConfiguration) -> [Stream] {
        switch source.kind {
        case "kafka":
            guard let kafka = try? KafkaSettings(source.settings, for: .consumer) else { return [] }
            let named = source.settings.strings("topics")
            let topics = named.isEmpty ? kafka.topicOfFile.map { [$0] } ?? [] : named
            return topics.map { Stream(place: place(kafka), name: $0) }
        case "amqp":
            guard let place = amqpPlace(source.settings),
                let amqp = try? AMQPSourceConfiguration(source.settings, name: source.name),
                amqp.bindings.contains("#")
            else { return [] }
            return amqp.exchanges.map { Stream(place: place, name: $0) }
        default: return []
        }
    }

    private func stream(of forwarder: Configuration.ForwarderConfiguration) -> Stream? {
        switch forwarder.kind {
        case "kafka":
            guard let kafka = try? KafkaSettings(forwarder.settings, for: .producer),
                let topic = forwarder.settings.string("topic")
            else { return nil }
            return Stream(place: place(kafka), name: topic)
        case "amqp":
            guard let place = amqpPlace(forwarder.settings), let exchange = forwarder.settings.string("exchange")
            else { return nil }
            return Stream(place: place, name: exchange)
        default: return nil
        }
    }

    private func place(_ kafka: KafkaSettings) -> String {
        "kafka://" + kafka.bootstrapServers.map { $0.lowercased() }.sorted().joined(separator: ",")
    }

    // Settings that cannot be read have been reported.
    private func amqpPlace(_ settings: ComponentSettings) -> String? {
        guard let amqp = try? AMQPSettings(settings) else { return nil }
        let hosts = amqp.hosts.map { "\($0.name.lowercased()):\($0.port)" }.sorted().joined(separator: ",")
        return "amqp://\(hosts)/\(amqp.virtualHost)"
    }
}
