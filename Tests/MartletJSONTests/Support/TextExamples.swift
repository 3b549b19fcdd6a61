import MartletJSON

/// The bytes of a text as a slice that does not begin at index 0, as slices of a message do not.
func slice(_ text: String) -> Bytes {
    slice(Array(text.utf8))
}

func slice(_ bytes: [UInt8]) -> Bytes {
    (Array("before".utf8) + bytes + Array("after".utf8)).dropFirst(6).dropLast(5)
}

func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
}

/// Containers nested this deep around a number.
func nested(_ depth: Int) -> String {
    String(repeating: #"{"a":["#, count: depth / 2) + (depth % 2 == 1 ? "[1]" : "1")
        + String(repeating: "]}", count: depth / 2)
}
