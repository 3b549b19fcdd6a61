import CRabbitMQ
import Glibc

extension amqp_bytes_t {
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: len) }

    /// The bytes as text; what is not UTF-8 is replaced.
    var text: String { String(decoding: buffer, as: UTF8.self) }

    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        guard len == other.count else { return false }
        guard len > 0, let bytes, let start = other.baseAddress else { return true }
        return memcmp(bytes, start, len) == 0
    }
}

extension amqp_table_t {
    /// The value of the first entry of this name.
    func value(_ name: String) -> amqp_field_value_t? {
        var name = name
        return name.withUTF8 { name in
            entriesBuffer.first { $0.key.equals(UnsafeRawBufferPointer(name)) }?.value
        }
    }

    var entriesBuffer: UnsafeBufferPointer<amqp_table_entry_t> {
        UnsafeBufferPointer(start: entries, count: Int(max(0, num_entries)))
    }
}

extension amqp_field_value_t {
    /// A scalar as text; `nil` for tables, arrays and nothing.
    var text: String? {
        switch amqp_field_value_kind_t(rawValue: UInt32(kind)) {
        case AMQP_FIELD_KIND_UTF8, AMQP_FIELD_KIND_BYTES: value.bytes.text
        case AMQP_FIELD_KIND_BOOLEAN: value.boolean != 0 ? "true" : "false"
        case AMQP_FIELD_KIND_I8: "\(value.i8)"
        case AMQP_FIELD_KIND_U8: "\(value.u8)"
        case AMQP_FIELD_KIND_I16: "\(value.i16)"
        case AMQP_FIELD_KIND_U16: "\(value.u16)"
        case AMQP_FIELD_KIND_I32: "\(value.i32)"
        case AMQP_FIELD_KIND_U32: "\(value.u32)"
        case AMQP_FIELD_KIND_I64: "\(value.i64)"
        case AMQP_FIELD_KIND_U64, AMQP_FIELD_KIND_TIMESTAMP: "\(value.u64)"
        case AMQP_FIELD_KIND_F32: "\(value.f32)"
        case AMQP_FIELD_KIND_F64: "\(value.f64)"
        default: nil
        }
    }
}
