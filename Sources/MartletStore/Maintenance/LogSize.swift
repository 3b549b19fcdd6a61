import GRDBSQLite
import Synchronization

/// How many pages the write-ahead log holds, as SQLite says after every commit.
final class LogSize: Sendable {
    private let value = Atomic(0)

    var pages: Int { value.load(ordering: .relaxed) }

    /// Has SQLite report here, for as long as the connection lives.
    func watch(_ connection: OpaquePointer?) {
        // Retained for good: the connection may outlive whoever asked, by a moment.
        let context = Unmanaged.passRetained(self).toOpaque()
        sqlite3_wal_hook(
            connection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogSize>.fromOpaque(context).takeUnretainedValue().value
                    .store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            },
            context
        )
    }
}
