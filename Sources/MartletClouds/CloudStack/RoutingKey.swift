import Martlet

/// The five words that CloudStack publishes an event under: `source.category.type.resource.uuid`.
///
/// Also read with colons, `management-server:ActionEvent:SNAPSHOT-CREATE:Snapshot:<uuid>`, as bridges write it where a
/// full stop means something else. A word that says nothing is `nil`: CloudStack writes `*` for null, and `NONE` where its
/// own boot has no value.
struct RoutingKey {
    let publisher: String?
    let category: Category?
    /// The second word, whether it stands for a known category or not.
    let categoryWord: String?
    /// The event type with hyphens, `VM-START`; the event of the state machine; or how far a job has come.
    let type: String?
    let resource: String?
    let id: String?

    /// The publisher of everything but the boot of CloudStack's event distributor.
    static let usualPublisher = "management-server"

    /// `nil` for fewer or more than five words.
    init?(_ text: String) {
        var text = text
        let key = text.withUTF8 { bytes in
            RoutingKey(bytes, separator: UInt8(ascii: ".")) ?? RoutingKey(bytes, separator: UInt8(ascii: ":"))
        }
        guard let key else { return nil }
        self = key
    }

    private init?(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8) {
        // Where the words end; the last one is the text's end.
        var ends = SIMD8<Int>(repeating: bytes.count)
        var count = 0
        for (index, byte) in bytes.enumerated() where byte == separator {
            guard count < 4 else { return nil }
            ends[count] = index
            count += 1
        }
        guard count == 4 else { return nil }
        func word(_ number: Int) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: bytes[(number == 0 ? 0 : ends[number - 1] + 1)..<ends[number]])
        }
        let usual = word(0).elementsEqual(RoutingKey.usualPublisher.utf8)
        publisher = usual ? RoutingKey.usualPublisher : RoutingKey.text(word(0))
        category = RoutingKey.category(word(1))
        categoryWord = category?.topicWord ?? RoutingKey.text(word(1))
        type = RoutingKey.text(word(2))
        resource = RoutingKey.text(word(3))
        id = RoutingKey.text(word(4))
    }

    private static func text(_ word: UnsafeBufferPointer<UInt8>) -> String? {
        let text = String(decoding: word, as: UTF8.self)
        return text.isEmpty || text == "*" || text == "NONE" ? nil : text
    }

    /// The first letters tell the categories apart, so that one comparison is enough.
    private static func category(_ word: UnsafeBufferPointer<UInt8>) -> Category? {
        let candidate: Category? =
            switch word.first {
            case UInt8(ascii: "A"):
                switch word.dropFirst().first {
                case UInt8(ascii: "c"): .action
                case UInt8(ascii: "l"): .alert
                case UInt8(ascii: "s"): .job
                case UInt8(ascii: "u"): .audit
                default: nil
                }
            case UInt8(ascii: "U"): .usage
            case UInt8(ascii: "R"): .state
            case UInt8(ascii: "E"): .other
            default: nil
            }
        return candidate.flatMap { word.elementsEqual($0.topicWord.utf8) ? $0 : nil }
    }
}
