import Glibc
import MartletJSON
import MartletPipeline

extension OutgoingEvent {
    /// Whether the body is one JSON text; always, but for an original that came in as something else.
    var isJSON: Bool {
        guard form == .original else { return true }
        do {
            _ = try JSONDocument(parsing: body)
            return true
        } catch {
            return false
        }
    }

    /// Appends the body as one JSON value without a line break in it.
    ///
    /// What is no JSON becomes a JSON string, bytes that are no UTF-8 becoming U+FFFD in it.
    func appendJSONValue(to result: inout [UInt8]) {
        let start = result.count
        if form != .original {
            result.append(contentsOf: body)
        } else if let document = try? JSONDocument(parsing: body) {
            // Without a byte order mark and what else stands around it, which is none of the value.
            result.append(contentsOf: document.root.bytes)
        } else {
            var writer = JSONWriter(reservingCapacity: body.count + 2)
            writer.string(String(decoding: body, as: UTF8.self))
            return result.append(contentsOf: writer.bytes)
        }
        // A line break in JSON is white space between tokens, since strings hold theirs escaped.
        for lineBreak: UInt8 in [0x0A, 0x0D] { OutgoingEvent.blank(lineBreak, in: &result, from: start) }
    }

    /// Puts blanks where this byte stands. The C library looks at many bytes at a time, and hardly ever is there one.
    private static func blank(_ byte: UInt8, in bytes: inout [UInt8], from start: Int) {
        bytes.withUnsafeMutableBytes { buffer in
            var rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
            while let base = rest.baseAddress, let found = memchr(base, Int32(byte), rest.count) {
                found.storeBytes(of: 0x20, as: UInt8.self)
                rest = UnsafeMutableRawBufferPointer(rebasing: rest[(found - base + 1)...])
            }
        }
    }
}
