import GRDB
import GRDBSQLite
import MartletPipeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension StoreError {
    /// What the last call on this connection failed with.
    init(failureOf connection: OpaquePointer?) {
        let message = sqlite3_errmsg(connection).map { String(cString: $0) } ?? "out of memory"
        self.init(
            extendedCode: sqlite3_extended_errcode(connection),
            message: message,
            systemError: sqlite3_system_errno(connection)
        )
    }

    /// A failure of SQLite in the words of the store.
    ///
    /// - Parameters:
    ///   - extendedCode: SQLite's extended result code.
    ///   - systemError: the `errno` behind it, zero where there is none.
    init(extendedCode: Int32, message: String, systemError: Int32 = 0) {
        let isSystemFull = systemError == ENOSPC || systemError == EDQUOT
        switch extendedCode & 0xFF {
        case SQLITE_FULL:
            self.init(.full, "No space is left for the store; it goes on by itself when there is.")
        case SQLITE_IOERR where isSystemFull, SQLITE_CANTOPEN where isSystemFull:
            self.init(.full, "No space is left for the store; it goes on by itself when there is.")
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM:
            self.init(.inputOutput, "The disk failed (SQLite \(extendedCode), errno \(systemError): \(message)).")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(
                .damaged,
                "The store's file is damaged (SQLite \(extendedCode): \(message)); stop Martlet and run `martlet store repair`."
            )
        default:
            self.init(.failed, "SQLite refused (\(extendedCode): \(message)).")
        }
    }

    /// An error of the store, made of whatever was thrown below it; a cancellation stays one.
    static func wrapping(_ error: any Error, on connection: OpaquePointer? = nil) -> any Error {
        switch error {
        case is StoreError, is CancellationError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT: CancellationError()
        case let error as DatabaseError:
            StoreError(
                extendedCode: error.extendedResultCode.rawValue,
                message: error.message ?? "no reason given",
                systemError: connection.map { sqlite3_system_errno($0) } ?? 0
            )
        default: StoreError(.failed, "The store failed.", underlying: error)
        }
    }
}
