import Testing

@testable import MartletAMQP

struct AMQPPublicationTests {
    private static let long = String(repeating: "x", count: 256)

    private static func publication(_ change: (inout AMQPPublication) -> Void = { _ in }) -> AMQPPublication {
        var publication = AMQPPublication(exchange: "events", routingKey: "a.b", body: [1], headers: ["n": .integer(1)])
        change(&publication)
        return publication
    }

    @Test func `what AMQP can carry has no obstacle`() {
        #expect(Self.publication().obstacle(frameMaximum: 131_072) == nil)
        let full = Self.publication { $0.routingKey = String(repeating: "x", count: 255) }
        #expect(full.obstacle(frameMaximum: 131_072) == nil)
    }

    @Test(
        arguments: [
            ("routing key", publication { $0.routingKey = long }), ("exchange", publication { $0.exchange = long }),
            ("content type", publication { $0.contentType = long }), ("id", publication { $0.messageID = long }),
            ("name", publication { $0.headers[long] = .boolean(true) }),
            ("headers", publication { $0.headers["x"] = .string(String(repeating: "x", count: 131_072)) }),
        ]
    )
    func `what it cannot carry is named`(word: String, publication: AMQPPublication) {
        #expect(publication.obstacle(frameMaximum: 131_072)?.contains(word) == true)
    }
}
