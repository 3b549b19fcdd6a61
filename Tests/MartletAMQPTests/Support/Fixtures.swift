import Logging
import Martlet
import MartletJSON
import MartletPipeline
import MartletTesting

extension ComponentContext {
    /// What a component is made with in a test.
    static func sample(body: BodyForm = .event) -> ComponentContext {
        let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return ComponentContext(name: "test", body: body, time: SystemTime(), logger: silent)
    }
}

extension OutgoingBatch {
    /// A batch of CloudEvents with these ids.
    static func events(_ ids: String...) -> OutgoingBatch { events(ids) }

    static func events(_ ids: [String]) -> OutgoingBatch {
        OutgoingBatch(id: "batch", events: ids.map { OutgoingEvent.sample($0) })
    }

    /// One original with this body and the key that it came with.
    static func original(_ body: String, routingKey: String? = nil) -> OutgoingBatch {
        var event = OutgoingEvent.sample("a")
        let bytes = Array(body.utf8)
        // As a format would have it.
        let isJSON = (try? JSONDocument(parsing: bytes)) != nil
        event.event = event.event.with {
            $0.routingKey = routingKey
            $0.payload = Payload(original: bytes[...], content: isJSON ? .json(0..<bytes.count) : .binary)
        }
        event.body = bytes
        event.form = .original
        return OutgoingBatch(id: "batch", events: [event])
    }
}

extension BatchOutcome {
    /// One for each event.
    var outcomes: [DeliveryOutcome] {
        switch self {
        case .whole(let outcome): [outcome]
        case .each(let outcomes): outcomes
        }
    }

    var isDelivered: Bool { outcomes.allSatisfy { $0 == .delivered } }
}

extension DeliveryOutcome {
    /// The kind of outcome, for tables.
    var name: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "retry"
        case .reject: "reject"
        case .unavailable: "unavailable"
        case .gone: "gone"
        case .untried: "untried"
        }
    }

    var reason: String? {
        switch self {
        case .retry(let reason, _), .reject(let reason), .unavailable(let reason, _), .gone(let reason): reason
        case .delivered, .untried: nil
        }
    }
}
