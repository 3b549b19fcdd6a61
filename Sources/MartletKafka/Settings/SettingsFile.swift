import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the files that settings name.
enum SettingsFile {
    /// More than any file of properties or certificate has.
    private static let longest = 4 << 20

    /// The bytes of a file.
    ///
    /// - Throws: ``ComponentError`` with what stood in the way.
    static func read(_ path: String, field: String, atMost limit: Int = longest) throws(ComponentError) -> [UInt8] {
        guard let stream = fopen(path, "r") else { throw unreadable(path, field) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let count = fread(&piece, 1, min(piece.count, limit - bytes.count), stream)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        if ferror(stream) != 0 { throw unreadable(path, field) }
        return bytes
    }

    /// Checks that a file is there and may be read.
    static func check(_ path: String, field: String) throws(ComponentError) {
        _ = try read(path, field: field, atMost: 1)
    }

    private static func unreadable(_ path: String, _ field: String) -> ComponentError {
        let reason = String(cString: strerror(errno))
        return ComponentError(field: field, "\(path) cannot be read: \(reason)")
    }
}
