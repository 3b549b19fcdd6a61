import Martlet
import Testing

@testable import MartletAMQP

@Suite struct RoutingKeyTests {
    @Test func `a topic that fits is its own key`() {
        #expect(
            RoutingKey.of(Topic(text: "cs.ActionEvent.VM-START.VirtualMachine.7"))
                == "cs.ActionEvent.VM-START.VirtualMachine.7"
        )
        let longest = String(repeating: "a", count: 255)
        #expect(RoutingKey.bounded(longest) == longest)
    }

    @Test(arguments: ["a", "é", "€", "𝄞", "e\u{301}"])
    func `a longer one ends in a hash of the whole and stays UTF-8`(letter: String) {
        let text = String(repeating: letter, count: 256)
        let key = RoutingKey.bounded(text)
        #expect(key.utf8.count <= 255 && key.utf8.count > 250)
        #expect(text.unicodeScalars.starts(with: key.unicodeScalars.prefix { $0 != "~" }))
        #expect(key.contains("~"))
        #expect(RoutingKey.bounded(text + "b") != RoutingKey.bounded(text + "c"))
    }

    @Test func `the hash is the same in every process`() {
        let key = RoutingKey.bounded(String(repeating: "a", count: 300))
        #expect(key == String(repeating: "a", count: 238) + "~ee7717eba7a17e21")
    }
}
