import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletConnectors

@Suite struct ZaqarDeliveryTests {
    /// An event of a resource, with a tenant and so much to say.
    struct Item: Sendable {
        var resource: String?
        var tenant = "t"
        var padding = 0
    }

    private static func delivery(
        _ items: [Item],
        queue: String = "{tenantid}",
        maximumBytes: Int = 262_144
    ) throws -> ZaqarDelivery {
        let events = items.map { item -> OutgoingEvent in
            var outgoing = OutgoingEvent.sample("x")
            outgoing.event = outgoing.event.with {
                $0.resource = item.resource.map { ResourceReference(type: "VirtualMachine", id: $0) }
                $0.tenantID = item.tenant
            }
            outgoing.body = Array(#"{"padding":"\#(String(repeating: "x", count: item.padding))"}"#.utf8)
            return outgoing
        }
        return ZaqarDelivery(
            OutgoingBatch(id: "b", events: events),
            queue: try ZaqarQueueTemplate(queue),
            timeToLive: 60,
            maximumBytes: maximumBytes
        )
    }

    /// What is posted next, where there is something.
    private static func next(_ delivery: inout ZaqarDelivery) throws -> ZaqarDelivery.Chunk {
        let chunk = delivery.next()
        return try #require(chunk)
    }

    private static func chunk(_ queue: String, _ members: Int...) -> ZaqarDelivery.Chunk {
        ZaqarDelivery.Chunk(queue: queue, members: members[...])
    }

    @Test func `events go queue by queue, each in the order of the batch`() throws {
        var delivery = try Self.delivery([
            Item(resource: "a", tenant: "t1"), Item(resource: "b", tenant: "t2"), Item(resource: "c", tenant: "t1"),
            Item(resource: nil, tenant: "t2"),
        ])
        let first = try Self.next(&delivery)
        #expect((first.queue, Array(first.members)) == ("t1", [0, 2]))
        delivery.complete(first, .delivered)
        let second = try Self.next(&delivery)
        #expect((second.queue, Array(second.members)) == ("t2", [1, 3]))
        delivery.complete(second, .delivered)
        let deliveryNext = delivery.next()
        #expect(deliveryNext == nil)
        #expect(delivery.outcomes == [.delivered, .delivered, .delivered, .delivered])
    }

    @Test func `a resource that moves from queue to queue keeps its order`() throws {
        var delivery = try Self.delivery([
            Item(resource: "a", tenant: "t1"), Item(resource: "a", tenant: "t2"), Item(resource: "a", tenant: "t1"),
            Item(resource: "b", tenant: "t1"),
        ])
        var posted: [[Int]] = []
        while let chunk = delivery.next() {
            posted.append(Array(chunk.members))
            delivery.complete(chunk, .delivered)
        }
        #expect(posted == [[0], [1], [2, 3]])
    }

    @Test func `a request has so many bytes at the most, to the byte`() throws {
        let size = try Self.delivery([Item()]).body(of: Self.chunk("t", 0)).count
        let two = try Self.delivery([Item(), Item()]).body(of: Self.chunk("t", 0, 1)).count
        var fits = try Self.delivery([Item(), Item()], maximumBytes: two)
        let fitsCount = try Self.next(&fits).members.count
        #expect(fitsCount == 2)
        var splits = try Self.delivery([Item(), Item()], maximumBytes: two - 1)
        let splitsCount = try Self.next(&splits).members.count
        #expect(splitsCount == 1)
        var alone = try Self.delivery([Item()], maximumBytes: size)
        let aloneCount = try Self.next(&alone).members.count
        #expect(aloneCount == 1)
        var tooLarge = try Self.delivery([Item()], maximumBytes: size - 1)
        let tooLargeNext = tooLarge.next()
        #expect(tooLargeNext == nil)
        #expect(tooLarge.outcomes[0].name == "reject")
        #expect(tooLarge.outcomes[0].reason?.contains("\(size) bytes") == true)
    }

    @Test func `an event too large for any request is rejected when what stands before it is delivered`() throws {
        var delivery = try Self.delivery([Item(), Item(padding: 2_000), Item()], maximumBytes: 1_024)
        let first = try Self.next(&delivery)
        #expect(Array(first.members) == [0])
        delivery.complete(first, .delivered)
        let deliveryNext = delivery.next()
        #expect(deliveryNext == nil)
        #expect(delivery.outcomes.map(\.name) == ["delivered", "reject", "untried"])
    }

    @Test func `a refused request is halved until the culprit is alone`() throws {
        var delivery = try Self.delivery((0..<100).map { Item(resource: "\($0)") })
        var requests = 0
        while let chunk = delivery.next() {
            requests += 1
            delivery.complete(chunk, chunk.members.contains(41) ? .refused("bad") : .delivered)
        }
        #expect(requests <= 14)
        #expect(delivery.outcomes[..<41].allSatisfy { $0 == .delivered })
        #expect(delivery.outcomes[41] == .reject("bad"))
        #expect(delivery.outcomes[42...].allSatisfy { $0 == .untried })
    }

    @Test func `a queue that fails does not hold up others, unless nobody answers at all`() throws {
        let items = [Item(resource: "a", tenant: "t1"), Item(resource: "b", tenant: "t2")]
        func outcomes(_ verdict: ZaqarVerdict) throws -> [String] {
            var delivery = try Self.delivery(items)
            while let chunk = delivery.next() { delivery.complete(chunk, chunk.queue == "t1" ? verdict : .delivered) }
            return delivery.outcomes.map(\.name)
        }
        #expect(try outcomes(.unavailable("503", isAnswered: true)) == ["unavailable", "delivered"])
        #expect(try outcomes(.retry("500")) == ["retry", "delivered"])
        #expect(try outcomes(.rejected("403")) == ["reject", "delivered"])
        #expect(try outcomes(.unavailable("no answer", isAnswered: false)) == ["unavailable", "untried"])
        let asked = ZaqarVerdict.unavailable("429", retryAfter: .seconds(1), isAnswered: true)
        #expect(try outcomes(asked) == ["unavailable", "untried"])
        #expect(try outcomes(.gone("404")) == ["gone", "untried"])
    }

    @Test func `after three queues that fail the rest is left for another time`() throws {
        var delivery = try Self.delivery((0..<10).map { Item(resource: "\($0)", tenant: "t\($0)") })
        var requests = 0
        while let chunk = delivery.next() {
            requests += 1
            delivery.complete(chunk, .unavailable("503", isAnswered: true))
        }
        #expect(requests == ZaqarDelivery.maximumFailures)
    }

    /// Random batches against a random Zaqar: the invariants at the head of ``ZaqarDelivery``.
    @Test func `whatever Zaqar answers, no event passes one of its resource or its queue that was not taken`() throws {
        var random = SeededGenerator(seed: 41)
        for _ in 1...3_000 {
            let items = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                Item(
                    resource: ["a", "b", "c", "d", nil].randomElement(using: &random)!,
                    tenant: ["t1", "t2", "t3", "not a name"].randomElement(using: &random)!,
                    padding: Int.random(in: 0...300, using: &random)
                )
            }
            let culprits = Set(items.indices.filter { _ in Int.random(in: 0..<20, using: &random) == 0 })
            var delivery = try Self.delivery(items, maximumBytes: 1_024)
            var posted: [Int] = []
            while let chunk = delivery.next() {
                #expect(delivery.body(of: chunk).count <= 1_024)
                #expect(Set(chunk.members.map { items[$0].tenant }) == [chunk.queue])
                let luck = Int.random(in: 0..<12, using: &random)
                if luck == 0 {
                    delivery.complete(chunk, .unavailable("", isAnswered: Bool.random(using: &random)))
                } else if luck == 1 {
                    delivery.complete(chunk, .retry(""))
                } else if !culprits.isDisjoint(with: chunk.members) {
                    delivery.complete(chunk, .refused(""))
                } else {
                    posted += chunk.members
                    delivery.complete(chunk, .delivered)
                }
            }
            let outcomes = delivery.outcomes
            #expect(outcomes.indices.filter { outcomes[$0] == .delivered } == posted.sorted())
            #expect(posted.count == Set(posted).count)
            for (index, outcome) in outcomes.enumerated() where outcome == .reject("") {
                #expect(culprits.contains(index))
            }
            for late in posted {
                for early in 0..<late where items[early].tenant != "not a name" {
                    let isBound =
                        items[early].tenant == items[late].tenant
                        || items[early].resource != nil && items[early].resource == items[late].resource
                    let isConcluded = ["delivered", "reject"].contains(outcomes[early].name)
                    #expect(!isBound || isConcluded, "\(late) has passed \(early)")
                }
            }
            for early in posted.indices {
                for late in posted[early...] where items[late].tenant == items[posted[early]].tenant {
                    #expect(late >= posted[early])
                }
            }
        }
    }
}
