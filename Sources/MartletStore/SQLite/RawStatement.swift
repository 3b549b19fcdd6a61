import GRDB
import GRDBSQLite
import MartletPipeline

/// A prepared statement on SQLite's own interface, for what happens for every event: it binds and reads without the boxes
/// that a general interface needs.
///
/// Belongs to the connection that prepared it, and is used on that connection's queue alone.
struct RawStatement {
    /// Owns the handle.
    private let statement: Statement
    let handle: OpaquePointer

    /// The connection's cached statement of this text.
    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        sqlite3_reset(handle)
    }

    /// A statement of the caller's own, for one that is kept.
    init(keeping sql: String, on database: Database) throws {
        self.init(try database.makeStatement(sql: sql))
    }

    /// A statement whose arguments have been bound.
    init(_ statement: Statement) {
        self.statement = statement
        handle = statement.sqliteStatement
    }

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

    func bind(_ index: Int32, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(handle, index)
            return
        }
        value.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                // A null pointer would bind NULL for the empty text.
                _ = sqlite3_bind_text(handle, index, text.baseAddress ?? RawStatement.empty, Int32(text.count), copied)
            }
        }
    }

    func bind(_ index: Int32, _ value: ArraySlice<UInt8>) {
        value.withUnsafeBytes { bytes in
            _ =
                bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), copied)
        }
    }

    /// Binds bytes that stay where they are until the statement has been executed.
    func bindInPlace(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
        _ =
            bytes.isEmpty
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
    }

    /// Goes on to the next row; `false` at the end, where the statement is ready to be used again.
    ///
    /// - Throws: ``StoreError``, or `CancellationError` where the caller's task was cancelled; the statement is ready to be
    ///   used again then, too.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            // Before the reset, which clears what the connection remembers of the failure.
            let connection = sqlite3_db_handle(handle)
            let isInterrupted = sqlite3_errcode(connection) == SQLITE_INTERRUPT
            let error: any Error = isInterrupted ? CancellationError() : StoreError(failureOf: connection)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Executes a statement that answers no rows.
    func run() throws {
        while try step() {}
    }

    /// Executes, reads the first row if there is one, and makes the statement ready to be used again.
    func first<Value>(_ read: (RawStatement) throws -> Value) throws -> Value? {
        guard try step() else { return nil }
        defer { sqlite3_reset(handle) }
        return try read(self)
    }

    /// Executes and reads each row until `body` answers `false`.
    func forEach(_ body: (RawStatement) throws -> Bool) throws {
        defer { sqlite3_reset(handle) }
        while try step() {
            guard try body(self) else { return }
        }
    }

    /// How many rows the last statement of this connection to change any has changed.
    var changedRows: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// How a value is stored.
    enum ValueType { case null, integer, real, text, blob }

    func type(_ column: Int32) -> ValueType {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The bytes of a column, valid until the next step.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// Has SQLite take a copy of what is bound.
    private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Somewhere to point to for an empty text.
    private nonisolated(unsafe) static let empty = UnsafePointer(UnsafeMutablePointer<CChar>.allocate(capacity: 1))
}
