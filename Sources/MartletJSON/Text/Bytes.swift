#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A slice of the bytes that came in; slicing further copies nothing.
public typealias Bytes = ArraySlice<UInt8>

extension Bytes {
    /// Whether these are the same bytes.
    public func equals(_ other: Bytes) -> Bool {
        withUnsafeBytes { own in
            other.withUnsafeBytes { other in
                guard own.count == other.count, let start = own.baseAddress, let otherStart = other.baseAddress else {
                    return own.count == other.count
                }
                return memcmp(start, otherStart, own.count) == 0
            }
        }
    }

    /// Whether these bytes end in others.
    public func hasSuffix(_ other: [UInt8]) -> Bool { suffix(other.count).equals(other[...]) }

    /// Whether these bytes begin with others.
    public func hasPrefix(_ other: [UInt8]) -> Bool { prefix(other.count).equals(other[...]) }
}
