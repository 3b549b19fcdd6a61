import Martlet

/// The five words that CloudStack publishes an event under: `source.category.type.resource.uuid`.
///
/// Also read with colons, `management-server:ActionEvent:SNAPSHOT-CREATE:Snapshot:<uuid>`, as bridges write it where a
/// full stop means something else. A word that says nothing is `nil`: CloudStack writes `*` for null, and `NONE` where its
/// own boot has no value.
///
/// Its words are made into texts when they are asked for: mostly the body says the same, and nobody asks.
struct RoutingKey {
    private let text: String
    /// Where the words end, in UTF-8; the last one is the text's end.
    private let ends: SIMD8<Int>
    let category: Category?

    /// The publisher of everything but the boot of CloudStack's event distributor.
    static let usualPublisher = "management-server"

    /// `nil` for fewer or more than five words.
    init?(_ text: String) {
        var text = text
        let found = text.withUTF8 { bytes in
            let ends =
                RoutingKey.ends(in: bytes, separator: UInt8(ascii: "."))
                ?? RoutingKey.ends(in: bytes, separator: UInt8(ascii: ":"))
            return ends.map { ($0, RoutingKey.category(RoutingKey.word(1, of: bytes, $0))) }
        }
        guard let (ends, category) = found else { return nil }
        self.text = text
        self.ends = ends
        self.category = category
    }

    var publisher: String? {
        var text = text
        let isUsual = text.withUTF8 { RoutingKey.word(0, of: $0, ends).elementsEqual(RoutingKey.usualPublisher.utf8) }
        return isUsual ? RoutingKey.usualPublisher : word(0)
    }

    /// The second word, whether it stands for a known category or not.
    var categoryWord: String? { category?.topicWord ?? word(1) }

    /// The event type with hyphens, `VM-START`; the event of the state machine; or how far a job has come.
    var type: String? { word(2) }
    var resource: String? { word(3) }
    var id: String? { word(4) }

    private func word(_ number: Int) -> String? {
        var text = text
        let word = text.withUTF8 { String(decoding: RoutingKey.word(number, of: $0, ends), as: UTF8.self) }
        return word.isEmpty || word == "*" || word == "NONE" ? nil : word
    }

    private static func ends(in bytes: UnsafeBufferPointer<UInt8>, separator: UInt8) -> SIMD8<Int>? {
        var ends = SIMD8<Int>(repeating: bytes.count)
        var count = 0
        for (index, byte) in bytes.enumerated() where byte == separator {
            guard count < 4 else { return nil }
            ends[count] = index
            count += 1
        }
        return count == 4 ? ends : nil
    }

    private static func word(
        _ number: Int,
        of bytes: UnsafeBufferPointer<UInt8>,
        _ ends: SIMD8<Int>
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[(number == 0 ? 0 : ends[number - 1] + 1)..<ends[number]])
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
