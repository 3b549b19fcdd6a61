import Foundation
import MartletJSON
import MartletTesting
import Synchronization
import Testing

private let areToolsThere = RabbitMQServer.isInstalled && OsloPublisher.isInstalled
private let absence: Comment = "rabbitmq-server or oslo.messaging is not there: make test installs both"

/// Order from end to end: the real binary between oslo.messaging, a real RabbitMQ and an HTTP receiver: the events of a server come in the order in
/// which its service published them, whatever the receiver does.
@Suite(.timeLimit(.minutes(30)), .enabled(if: areToolsThere, absence))
struct OsloOrderTests {
    /// Notifications of which every tenth is of one server; the full number with more time.
    private static var count: Int { Soak.isOn ? 50_000 : 3_000 }
    /// Seconds for which the receiver answers 503.
    private static var outage: Int { Soak.isOn ? 60 : 5 }

    /// A machine that does other things meanwhile has its time.
    private static let patience = Duration.seconds(600)

    private static let busy = "00000000-0000-4000-8000-000000000000"

    /// Every tenth is of the busy server; the others share the rest.
    private static func server(of number: Int) -> String {
        guard number % 10 != 0 else { return busy }
        let rest = String(number % 1_000)
        return "11111111-0000-4000-8000-" + String(repeating: "0", count: 12 - rest.count) + rest
    }

    private static func notification(_ number: Int) -> OsloPublisher.Notification {
        OsloPublisher.Notification("nova", "compute.instance.update").with { notification in
            notification.payload = """
                {"instance_id":"\(server(of: number))","tenant_id":"p1","state":"active","old_state":"building",\
                "display_name":"web","number":\(number)}
                """
        }
    }

    /// What a receiver has taken, in its order.
    private final class Book: Sendable {
        private struct State {
            var isAway = false
            var refused = 0
            var numbers: [Int] = []
        }

        private let state = Mutex(State())

        var numbers: [Int] { state.withLock { $0.numbers } }
        var refused: Int { state.withLock { $0.refused } }

        func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

        func answer(_ request: Receiver.Request) -> Receiver.Answer {
            let event = try? JSONDocument(parsing: request.body).root
            let number = event.flatMap { Self.number(in: $0["data"]) }
            return state.withLock { state in
                guard !state.isAway, let number else {
                    state.refused += 1
                    return Receiver.Answer(status: 503)
                }
                state.numbers.append(number)
                return .ok
            }
        }

        private static func number(in data: JSONValue?) -> Int? {
            (data?["payload"] ?? data)?["number"]?.integer.map { Int($0) }
        }
    }

    private static func withGateway(
        _ body: (RabbitMQVirtualHost, Server, OsloPublisher, Book) async throws -> Void
    ) async throws {
        try await RabbitMQServer.shared.withVirtualHost { host in
            let address = host.url.replacing("amqp://", with: "rabbit://")
            let publisher = try OsloPublisher(url: address)
            // A service that has published once has made its exchange.
            try await publisher.publish([OsloPublisher.Notification("nova", "first")])
            let book = Book()
            let receiver = try await Receiver { request, _ in book.answer(request) }
            let server = try await Server(
                configuration: """
                    sources:
                      osp:
                        amqp: { transport-url: "\(address)", exchanges: [nova], queue: martlet }
                        format: oslo
                    forwarders:
                      hook:
                        match: [{ topic: "#", cloud: osp }]
                        webhook: { url: "\(receiver.url)" }
                        body: event
                        start: earliest
                        retry: { initial-delay: 200ms, max-delay: 1s }
                    """
            )
            try await eventually("the source runs") { try await server.source("osp")["state"]?.string == "running" }
            try await body(host, server, publisher, book)
            #expect(server.stop() == 0)
        }
    }

    private static func publish(_ numbers: Range<Int>, by publisher: OsloPublisher) async throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 2_500) {
            let batch = (start..<min(start + 2_500, numbers.upperBound)).map(notification)
            try #require(try await publisher.publish(batch) == 0)
        }
    }

    /// All are there, each once, and none of a server before an earlier one of it.
    private static func check(_ numbers: [Int], count: Int) {
        #expect(numbers.count == count)
        #expect(Set(numbers) == Set(0..<count))
        var last: [String: Int] = [:]
        var swapped = 0
        for number in numbers {
            let server = server(of: number)
            if last[server, default: -1] >= number { swapped += 1 }
            last[server] = number
        }
        #expect(swapped == 0, "events of one server were swapped")
        let ofTheBusyOne = numbers.filter { $0 % 10 == 0 }.count
        print("\(numbers.count) events, \(ofTheBusyOne) of one server, \(swapped) swapped")
    }

    @Test func `of thousands of updates of one server among ten times as many none is swapped`() async throws {
        try await Self.withGateway { _, server, publisher, book in
            try await Self.publish(0..<Self.count, by: publisher)
            try await eventually("all are delivered", patience: Self.patience) { book.numbers.count >= Self.count }
            Self.check(book.numbers, count: Self.count)
            #expect(try await server.forwarder("hook")["dead"]?.integer == 0)
        }
    }

    @Test func `a receiver that answers 503 for a while gets all, in order`() async throws {
        try await Self.withGateway { _, server, publisher, book in
            let third = Self.count / 3
            try await Self.publish(0..<third, by: publisher)
            try await eventually("the first are delivered", patience: Self.patience) { book.numbers.count >= third }
            book.setAway(true)
            let clock = ContinuousClock()
            let end = clock.now + .seconds(Self.outage)
            try await Self.publish(third..<2 * third, by: publisher)
            try await eventually("the outage is over", patience: .seconds(Self.outage + 60)) { clock.now >= end }
            #expect(book.numbers.count == third)
            #expect(book.refused > 0)
            #expect(try await server.forwarder("hook")["state"]?.string == "unavailable")
            book.setAway(false)
            try await Self.publish(2 * third..<3 * third, by: publisher)
            try await eventually("all are delivered", patience: Self.patience) { book.numbers.count >= 3 * third }
            Self.check(book.numbers, count: 3 * third)
            print("\(book.refused) requests were answered 503 in \(Self.outage) s")
            #expect(try await server.forwarder("hook")["dead"]?.integer == 0)
        }
    }
}
