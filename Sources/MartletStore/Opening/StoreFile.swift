import GRDBSQLite
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The store's files and what can be told of them without opening the store.
struct StoreFile: Sendable {
    /// `PRAGMA application_id`: "Mrtl".
    static let applicationID: Int64 = 0x4D72_746C
    /// `PRAGMA user_version`: the layout that this program writes; raised by one with every migration.
    static let version: Int64 = 3

    let directory: String

    /// The log, the index and the delivery state.
    var path: String { directory + "/martlet.sqlite" }
    /// The text index: made anew from the other whenever it is missing.
    var textPath: String { directory + "/text.sqlite" }

    /// Makes the directory, readable by nobody else.
    func makeDirectory() throws(StoreError) {
        var path = ""
        for part in directory.split(separator: "/", omittingEmptySubsequences: false) {
            path += part
            if !path.isEmpty, mkdir(path, 0o700) != 0, errno != EEXIST, access(path, F_OK) != 0 {
                throw StoreError(.inputOutput, "\(path) cannot be made: \(String(cString: strerror(errno))).")
            }
            path += "/"
        }
    }

    /// Makes empty files where there are none, readable by nobody else; SQLite gives those beside them the same mode.
    func makeFiles() throws(StoreError) {
        try StoreFile.touch(path)
        try StoreFile.touch(textPath)
    }

    /// Looks before anything is changed.
    ///
    /// - Returns: the layout of the store; `nil` where there is none yet.
    /// - Throws: ``StoreError`` `.newerVersion` for a store of a newer Martlet, `.failed` for somebody else's file.
    func inspect() throws(StoreError) -> Int64? { try StoreFile.inspect(path) }

    /// Looks at a file of this form, wherever it lies.
    static func inspect(_ path: String) throws(StoreError) -> Int64? {
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        guard sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
            throw StoreError(failureOf: connection)
        }
        let pages = try StoreFile.pragma("page_count", connection)
        guard pages > 0 else { return nil }
        let application = try StoreFile.pragma("application_id", connection)
        let version = try StoreFile.pragma("user_version", connection)
        // A file without tables is one whose making was interrupted.
        if application == 0, version == 0, try StoreFile.pragma("schema_version", connection) == 0 { return nil }
        let foreignTables = try StoreFile.foreignTables(connection)
        let isHalfMade = application == 0 && version == 0 && foreignTables == 0
        guard application == StoreFile.applicationID || isHalfMade else {
            throw StoreError(
                .failed,
                "\(path) is not a store of Martlet; it is left untouched. Set another `store.path`."
            )
        }
        guard version <= StoreFile.version else {
            throw StoreError(
                .newerVersion,
                """
                \(path) was written by a newer Martlet (layout \(version); this one knows \(StoreFile.version)); it is \
                left untouched. Start the newer Martlet, or restore a backup from before the upgrade.
                """
            )
        }
        return version == 0 ? nil : version
    }

    /// Whether the file by itself, without the write-ahead log beside it, has the layout that this program writes.
    func tellsVersion() -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // SQLite's file format: the user version is the four bytes at 60, big-endian.
        var bytes: [UInt8] = [0, 0, 0, 0]
        guard pread(descriptor, &bytes, bytes.count, 60) == bytes.count else { return false }
        return bytes.reduce(0) { $0 << 8 | Int64($1) } == StoreFile.version
    }

    /// The bytes that the store takes on disk.
    func size() -> Int64 {
        var total: Int64 = 0
        for path in [path, textPath] {
            for suffix in ["", "-wal", "-shm"] { total += StoreFile.size(of: path + suffix) }
        }
        return total
    }

    /// Whether a path leads to one of the store's own files, there or not: by its name in the directory, or by another name of
    /// the same file.
    func includes(_ other: String) -> Bool {
        let slash = other.lastIndex(of: "/")
        let name = slash.map { other[other.index(after: $0)...] } ?? other[...]
        let place = slash.map { $0 == other.startIndex ? "/" : String(other[..<$0]) } ?? "."
        let isNamed = name == "lock" || ["martlet.sqlite", "text.sqlite"].contains { name.hasPrefix($0) }
        if isNamed, let place = FileIdentity(place), place == FileIdentity(directory) { return true }
        guard let other = FileIdentity(other) else { return false }
        let own = [path, textPath].flatMap { path in ["", "-wal", "-shm"].map { path + $0 } } + [directory + "/lock"]
        return own.contains { FileIdentity($0) == other }
    }

    /// The bytes of a file; zero where there is none.
    static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// The bytes that the file system of a directory would still give to this process's user.
    static func freeBytes(in directory: String) throws(StoreError) -> Int64 {
        var system = statvfs()
        guard statvfs(directory, &system) == 0 else {
            throw StoreError(.inputOutput, "\(directory) cannot be looked at: \(String(cString: strerror(errno))).")
        }
        return Int64(system.f_bavail) * Int64(system.f_frsize)
    }

    static func touch(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.inputOutput, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        close(descriptor)
    }

    private static func pragma(_ name: String, _ connection: OpaquePointer?) throws(StoreError) -> Int64 {
        try number("PRAGMA \(name)", connection)
    }

    /// The tables that neither SQLite nor the migrations made.
    private static func foreignTables(_ connection: OpaquePointer?) throws(StoreError) -> Int64 {
        try number(
            "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'grdb_%' AND name NOT LIKE 'sqlite_%'",
            connection
        )
    }

    private static func number(_ sql: String, _ connection: OpaquePointer?) throws(StoreError) -> Int64 {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { throw StoreError(failureOf: connection) }
        return sqlite3_column_int64(statement, 0)
    }
}
