import Martlet
import Testing

@testable import MartletAMQP

@Suite struct ExchangeMemoryTests {
    @Test func `what is known of exchanges comes back from the store as it was`() {
        var memory = ExchangeMemory()
        #expect(memory.text == "")
        memory.hasMark = true
        memory.exchanges = [
            "nova": .init(flags: .init(), binding: .bound, wasBound: true),
            "a name: with % all": .init(
                flags: .init(isDurable: true, isAutoDelete: true),
                binding: .unbound(since: Timestamp(seconds: 1_763_740_000)),
                wasBound: true
            ),
            "keystone": .init(flags: nil, binding: .unbound(since: nil)),
        ]
        let names = Array(memory.exchanges.keys)
        #expect(ExchangeMemory(memory.text, keeping: names) == memory)
        #expect(ExchangeMemory(memory.text, keeping: ["nova"]).exchanges.keys.sorted() == ["nova"])
    }

    @Test func `what cannot be read is passed over`() {
        let memory = ExchangeMemory("nova:t:x: nova glance:t:b: :::", keeping: ["nova", "glance"])
        #expect(memory.exchanges.keys.sorted() == ["glance"])
        #expect(!memory.hasMark)
    }
}
