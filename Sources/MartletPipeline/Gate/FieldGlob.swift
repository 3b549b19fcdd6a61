#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A shell's pattern over a field's key, as Searchlight's `admin_only_fields` has them: `*` any characters, `?` one, `[…]` one of
/// some. Case does not matter, as it does not in the lists of the clouds' fields.
package struct FieldGlob: Sendable, Hashable {
    /// As the configuration has it.
    package let text: String

    package init(_ text: String) { self.text = text }

    func matches(_ key: String) -> Bool {
        // The function of the C library reads up to a zero byte, which a producer may put into a key.
        if key.utf8.contains(0) { return true }
        // A backslash is a character like any other, as it is in Python's fnmatch; and a leading full stop is none of a file's.
        return fnmatch(text, key, FNM_NOESCAPE | FieldGlob.foldingCase) == 0
    }

    /// `FNM_CASEFOLD`, which the headers show to those who ask for the C library's own extensions only.
    private static let foldingCase: Int32 = 1 << 4
}
