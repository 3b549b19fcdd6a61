#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension StoreFile {
    /// The bytes that are left to the file system's users where the store lies; `nil` where the system does not tell.
    func availableBytes() -> Int64? {
        var facts = statvfs()
        guard statvfs(directory, &facts) == 0 else { return nil }
        let (bytes, overflow) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }
}
