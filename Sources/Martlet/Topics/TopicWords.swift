/// The words of a topic or a pattern, read in place.
///
/// An empty text has no words, as AMQP's empty routing key has none; any other has one more than full stops. An offset
/// is the start of a word, or past the end.
struct TopicWords {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The offset of the first word.
    var start: Int { bytes.isEmpty ? 1 : 0 }

    /// Whether there is no word any more at an offset.
    func isEnd(_ offset: Int) -> Bool { offset > bytes.count }

    /// The word that begins at an offset.
    func word(at offset: Int) -> Range<Int> {
        var end = offset
        while end < bytes.count, bytes[end] != 0x2E { end += 1 }
        return offset..<end
    }

    /// The offset behind a word and its full stop.
    func after(_ word: Range<Int>) -> Int { word.upperBound + 1 }

    /// A word's bytes.
    func text(of word: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[word]))
    }

    /// Whether a word of this text has the same bytes as a word of another.
    func isEqual(_ word: Range<Int>, _ other: Range<Int>, in text: TopicWords) -> Bool {
        word.count == other.count && TopicWords.isEqual(self.text(of: word), text.text(of: other))
    }

    /// Whether two texts of the same length are equal, compared eight bytes at a time.
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= left.count {
            let isSame =
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard isSame else { return false }
            offset += 8
        }
        while offset < left.count {
            guard left[offset] == right[offset] else { return false }
            offset += 1
        }
        return true
    }
}
