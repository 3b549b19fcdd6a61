import Martlet
import MartletClouds
import MartletJSON
import MartletPipeline

/// Records on their way to the intake.
struct RecordBatch {
    /// A record may be as long as a body over HTTP.
    static let maximumLength = 16 << 20
    /// How much of a longer one is kept.
    private static let keptHead = 1_024

    private(set) var messages: [Message] = []
    /// Records of which nothing but the head was kept.
    private(set) var unreadable: [QuarantineDraft] = []
    /// Tombstones and empty records: there is nothing in them to read.
    private(set) var emptyCount = 0

    mutating func add(_ record: KafkaRecord) {
        guard let value = record.value, !value.isEmpty else {
            emptyCount += 1
            return
        }
        let headers = Self.headers(of: record)
        guard value.count <= Self.maximumLength else {
            let head = Bytes(value.prefix(Self.keptHead))
            unreadable.append(
                QuarantineDraft(
                    bytes: Credentials.cut(from: head) ?? head,
                    reason: """
                        the record at offset \(record.offset) of \(record.partition) has \(value.count) bytes, more than the \
                        \(Self.maximumLength) allowed; its head is kept
                        """,
                    headers: [:]
                )
            )
            return
        }
        messages.append(Message(bytes: value, json: Self.json(value), headers: headers))
    }

    /// Names in lower case; of one that comes twice the last counts, as for Java's clients. The key is a header of its own.
    private static func headers(of record: KafkaRecord) -> [String: String] {
        var headers: [String: String] = [:]
        for header in record.headers {
            headers[header.name.lowercased()] = String(decoding: header.value, as: UTF8.self)
        }
        if let key = record.key, !key.isEmpty, key.count <= Self.keptHead {
            headers["kafka-key"] = String(decoding: key, as: UTF8.self)
        }
        return headers
    }

    /// The parsed value; `nil` where it is no JSON, of which the format tells the reason.
    private static func json(_ bytes: Bytes) -> JSONValue? {
        do {
            return try JSONDocument(parsing: bytes).root
        } catch {
            return nil
        }
    }
}
