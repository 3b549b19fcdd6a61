import GRDB
import Martlet
import MartletPipeline

/// The writer's side of the quarantine.
struct QuarantineTable {
    private let insertion: RawStatement
    private let deletion: RawStatement

    init(_ database: Database) throws {
        insertion = try RawStatement(
            keeping: """
                INSERT INTO quarantine(source, received, reason, routing_key, headers, bytes, checksum)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """,
            on: database
        )
        deletion = try RawStatement(keeping: "DELETE FROM quarantine WHERE id = ?", on: database)
    }

    func insert(_ draft: QuarantineDraft, source: String, at milliseconds: Int64) throws {
        var headers = FieldWriter()
        for (name, value) in draft.headers.sorted(by: { $0.key < $1.key }) {
            headers.text(.headerName, name)
            headers.text(.headerValue, value)
        }
        insertion.bind(1, source)
        insertion.bind(2, milliseconds)
        insertion.bind(3, draft.reason)
        insertion.bind(4, draft.routingKey)
        insertion.bind(5, headers.bytes[...])
        insertion.bind(6, draft.bytes)
        var checksum = RowChecksum(.quarantine)
        checksum.add(source)
        checksum.add(milliseconds)
        checksum.add(draft.reason)
        checksum.add(draft.routingKey)
        headers.bytes.withUnsafeBytes { checksum.add($0) }
        draft.bytes.withUnsafeBytes { checksum.add($0) }
        insertion.bind(7, checksum.value)
        try insertion.run()
    }

    func remove(_ id: Int64) throws {
        deletion.bind(1, id)
        try deletion.run()
    }
}
