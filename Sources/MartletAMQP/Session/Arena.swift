import CRabbitMQ

/// Memory for the strings and tables of one call to rabbitmq-c, which keeps none of them.
///
/// It is used again for the next call, so that publishing allocates nothing.
struct Arena: ~Copyable {
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0
    private var current = 0

    private static let blockSize = 16 << 10

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Forgets everything; what was handed out may not be used any more.
    mutating func reset() {
        (current, used) = (0, 0)
        while let last = blocks.last, blocks.count > 1 || last.count > Self.blockSize {
            last.deallocate()
            blocks.removeLast()
        }
    }

    private mutating func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let count = (max(count, 1) + 15) & ~15
        while current < blocks.count {
            if let base = blocks[current].baseAddress, used + count <= blocks[current].count {
                defer { used += count }
                return base + used
            }
            current += 1
            used = 0
        }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, Self.blockSize), alignment: 16)
        blocks.append(block)
        used = count
        // A buffer of at least one byte has an address.
        return block.baseAddress.unsafelyUnwrapped
    }

    /// A string's UTF-8.
    mutating func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { utf8 in
            guard let source = utf8.baseAddress else { return amqp_bytes_t(len: 0, bytes: nil) }
            let copy = allocate(utf8.count)
            copy.copyMemory(from: source, byteCount: utf8.count)
            return amqp_bytes_t(len: utf8.count, bytes: copy)
        }
    }

    /// A table of these entries, in the order of their names.
    mutating func table(_ arguments: AMQPArguments) -> amqp_table_t {
        table(arguments.sorted { $0.key < $1.key }.map { ($0.key, value($0.value)) })
    }

    mutating func table(_ entries: [(name: String, value: amqp_field_value_t)]) -> amqp_table_t {
        guard !entries.isEmpty else { return amqp_table_t(num_entries: 0, entries: nil) }
        let memory = allocate(entries.count * MemoryLayout<amqp_table_entry_t>.stride)
            .bindMemory(to: amqp_table_entry_t.self, capacity: entries.count)
        for (index, entry) in entries.enumerated() {
            (memory + index).initialize(to: amqp_table_entry_t(key: bytes(entry.name), value: entry.value))
        }
        return amqp_table_t(num_entries: Int32(entries.count), entries: memory)
    }

    mutating func value(_ value: AMQPValue) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        switch value {
        case .boolean(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            field.value.boolean = value ? 1 : 0
        case .integer(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            field.value.i64 = value
        case .string(let text):
            field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            field.value.bytes = bytes(text)
        }
        return field
    }

    static func value(_ table: amqp_table_t) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
        field.value.table = table
        return field
    }
}
