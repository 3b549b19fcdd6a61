import Testing

@testable import MartletAMQP

@Suite struct ExchangeStepTests {
    private static let transient = ExchangeFlags()
    private static let durable = ExchangeFlags(isDurable: true)

    private static func seen(_ flags: ExchangeFlags?) -> ExchangeMemory.Exchange {
        ExchangeMemory.Exchange(flags: flags, binding: .bound, wasBound: true)
    }

    @Test func `an exchange is made where a restart took it, and nowhere else by guess`() {
        let fates = [BrokerFate.unchanged, .restarted, .emptied]
        for known in [nil, Self.seen(nil), Self.seen(Self.transient), Self.seen(Self.durable)] {
            for fate in fates {
                let step = ExchangeStep.next(isThere: false, known: known, fate: fate, configured: nil)
                let isTaken = fate == .restarted && known?.flags == Self.transient
                #expect(step == (isTaken ? .declare(Self.transient) : .wait), "\(String(describing: known)) \(fate)")
                #expect(ExchangeStep.next(isThere: true, known: known, fate: fate, configured: Self.durable) == .bind)
            }
        }
    }

    @Test func `what the operator says of the services stands above what was seen`() {
        let step = ExchangeStep.next(
            isThere: false,
            known: Self.seen(Self.transient),
            fate: .unchanged,
            configured: Self.durable
        )
        #expect(step == .declare(Self.durable))
    }

    @Test func `a binding is lost with its exchange, and with a restart unless both are durable`() {
        func loses(_ isThere: Bool, _ flags: ExchangeFlags?, _ fate: BrokerFate) -> Bool {
            ExchangeStep.losesBinding(isThere: isThere, known: Self.seen(flags), fate: fate)
        }
        #expect(loses(false, Self.durable, .unchanged))
        #expect(!loses(true, Self.transient, .unchanged))
        // Its service may have made it anew before anybody looked.
        #expect(loses(true, Self.transient, .restarted))
        #expect(loses(true, nil, .restarted))
        #expect(!loses(true, Self.durable, .restarted))
        #expect(loses(true, Self.durable, .emptied))
        // One that is known to be unbound has its gap already.
        var unbound = Self.seen(Self.transient)
        unbound.binding = .unbound(since: nil)
        #expect(!ExchangeStep.losesBinding(isThere: false, known: unbound, fate: .restarted))
    }
}
