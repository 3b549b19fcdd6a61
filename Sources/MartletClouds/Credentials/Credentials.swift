package import MartletJSON

/// Cuts known credentials, so that no live token is ever at rest (promise 9).
///
/// They are found by the names of their members, at any depth, in any case, with or without `-` and `_`; also in JSON that
/// is nested in a string, up to four times, and as `name=value` in text. The member is cut, or the value after `=`, or the
/// password of a URL, `https://user:password@host/`; every other byte stays as it is.
package enum Credentials {
    /// Whether this is a name that credentials go by.
    package static func isName(_ name: String) -> Bool { CredentialNames.contains(name.utf8) }

    /// A copy without the credentials; `nil` where there are none, which costs one pass over the bytes.
    ///
    /// Bytes that are no JSON are searched as text.
    package static func cut(from bytes: Bytes) -> Bytes? {
        guard CredentialScan.mayHoldCredentials(bytes) else { return nil }
        let ranges = CredentialSearch.ranges(in: bytes)
        guard !ranges.isEmpty else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = bytes.startIndex
        for range in ranges {
            result += bytes[position..<bytes.startIndex + range.lowerBound]
            position = bytes.startIndex + range.upperBound
        }
        result += bytes[position...]
        return result[...]
    }
}
