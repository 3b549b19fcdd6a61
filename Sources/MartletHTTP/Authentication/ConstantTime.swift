/// Comparing what must not be guessed byte by byte.
enum ConstantTime {
    /// Whether both have the same bytes. Looks at every byte, wherever they differ, so that the time it takes tells nothing but
    /// the length.
    static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
