import Martlet
import MartletJSON
@testable import MartletKafka
import MartletPipeline

/// What comes from Kafka, from Java's files, and from those who name brokers.
enum KafkaTargets {
    static let all = [binding, properties, jaas, places]

    /// An event in the JSON format goes out in binary mode and comes in as the same.
    private static let binding = FuzzTarget(name: "kafka-binding") { bytes in
        guard let json = FormatTargets.json(bytes),
            let event = try? CloudEventsFormat().decode(
                Message(bytes: bytes, json: json),
                from: FormatTargets.origin
            )
        else { return }
        let binary = try BinaryCloudEvent(structured: Array(FormatTargets.structured(event)))
        let record = KafkaRecord(
            partition: KafkaPartition(topic: "t", number: 0),
            offset: 0,
            value: binary.body[...],
            headers: binary.headers.map { (name: $0.name, value: Array($0.value.utf8)[...]) }
        )
        var batch = RecordBatch()
        batch.add(record)
        guard let message = batch.messages.first,
            !(message.headers["content-type"] ?? "").lowercased().hasPrefix("application/cloudevents")
        else { return }
        try FormatTargets.compare(event, message, "Kafka")
    }

    /// A Java properties file says the same once it has been written anew.
    private static let properties = FuzzTarget(name: "java-properties") { bytes in
        guard let read = try? JavaProperties(bytes) else { return }
        let lines = read.entries.map { "\(escaped($0.name))=\(escaped($0.value))\n" }
        guard let again = try? JavaProperties(Array(lines.joined().utf8)) else {
            throw FuzzFinding("what was written anew cannot be read")
        }
        try demand(
            again.entries.map(\.name) == read.entries.map(\.name)
                && again.entries.map(\.value) == read.entries.map(\.value),
            "what was written anew says something else"
        )
    }

    /// What is wrong with an entry is told in words of our own: it holds a password.
    private static let jaas = FuzzTarget(name: "jaas") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(JAASEntry.Malformed) {
            _ = try JAASEntry(text)
        } catch {
            let words = text.split { !$0.isLetter && !$0.isNumber }.filter { $0.count > 8 }
            try demand(!words.contains { error.reason.contains($0) }, "the reason quotes the entry: \(error.reason)")
        }
    }

    /// Places that were stored, and brokers as users write them.
    private static let places = FuzzTarget(name: "kafka-places") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let place = KafkaPlace(text) {
            try demand(KafkaPlace(place.description) == place, "a place comes back as another")
            _ = PartitionCursor(at: place).start
        }
        if let servers = try? BootstrapServers.read(text, field: "f") {
            let again = try? BootstrapServers.read(servers.joined(separator: ","), field: "f")
            try demand(again == servers, "brokers come back as others")
        }
    }

    /// As `java.util.Properties.store` writes.
    private static func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
