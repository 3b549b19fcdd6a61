import Foundation
import MartletTesting

/// The messages of the broker benchmarks in files that the bare clients read: CloudStack's action events on a thousand hot
/// resources in random order.
final class BrokerMessages: Sendable {
    /// Keys are CloudStack's routing keys.
    let forRabbitMQ: String
    /// Keys are the resources' ids, as CloudStack's producer has them.
    let forKafka: String
    private let directory: URL

    /// Published again and again, until there are enough.
    private static let count = 10_000

    init() throws {
        directory = try ScratchDirectory.make()
        forRabbitMQ = directory.appending(path: "rabbitmq").path
        forKafka = directory.appending(path: "kafka").path
        let resources = (0..<Self.count).map { _ in Int.random(in: 0..<1_000) }
        try Self.write(resources, to: forRabbitMQ, key: SampleEvents.topic(resource:))
        try Self.write(resources, to: forKafka, key: SampleEvents.uuid(_:))
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private static func write(_ resources: [Int], to file: String, key: (Int) -> String) throws {
        let lines = resources.map { Data("\(key($0))\t".utf8) + SampleEvents.action(resource: $0) + Data("\n".utf8) }
        try lines.reduce(into: Data()) { $0 += $1 }.write(to: URL(filePath: file))
    }
}
