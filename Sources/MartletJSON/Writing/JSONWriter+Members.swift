/// Members that are left out when there is nothing to say.
extension JSONWriter {
    /// Writes a key and a string.
    public mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a key and a whole number.
    public mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    /// Writes a key and a Boolean.
    public mutating func member(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    /// Writes a key and a number.
    public mutating func member(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        double(value)
    }

    /// Writes a key and a value that is JSON already.
    public mutating func member(_ name: StaticString, raw value: (some Collection<UInt8>)?) {
        guard let value else { return }
        key(name)
        raw(value)
    }
}
