import Martlet
import MartletJSON
import MartletPipeline

/// One message of a request: the event's body with what tells repetitions apart in it.
enum ZaqarMessage {
    /// The member of each body by which a consumer recognises a repetition. It is a CloudEvents extension, too.
    static let keyName: StaticString = "idempotencykey"

    /// `{"ttl":…,"body":…}`.
    static func bytes(of event: OutgoingEvent, key: String, timeToLive: Int?) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(event.body.count + key.utf8.count + 64)
        message.append(contentsOf: #"{"#.utf8)
        if let timeToLive { message.append(contentsOf: #""ttl":\#(timeToLive),"#.utf8) }
        message.append(contentsOf: #""body":"#.utf8)
        message.append(contentsOf: HalfSurrogates.replaced(in: body(of: event, key: key)))
        message.append(UInt8(ascii: "}"))
        return message
    }

    private static func body(of event: OutgoingEvent, key: String) -> [UInt8] {
        // What the gate has written is an object, and has no such member unless the event came with one.
        let isOurs = event.form != .original && event.event.fields.extensions["\(keyName)"] == nil
        if isOurs { return appending(key, to: event.body) }
        guard let document = try? JSONDocument(parsing: event.body), document.root.kind == .object else {
            return wrapped(event, key: key)
        }
        let edits = document.root.members.filter { $0.keyEquals(keyName) }.map {
            JSONSplice.Edit.replace($0.value.range, with: quoted(key))
        }
        guard edits.isEmpty else { return JSONSplice.applying(edits, to: document.bytes) }
        // Behind a byte order mark, which is none of the JSON.
        return appending(key, to: Array(document.root.bytes), isEmpty: document.root.count == 0)
    }

    /// The object with one more member.
    private static func appending(_ key: String, to object: [UInt8], isEmpty: Bool = false) -> [UInt8] {
        guard let end = object.lastIndex(of: UInt8(ascii: "}")) else { return object }
        var result: [UInt8] = []
        result.reserveCapacity(object.count + key.utf8.count + 24)
        result.append(contentsOf: object[..<end])
        if !isEmpty { result.append(UInt8(ascii: ",")) }
        result.append(contentsOf: "\"\(keyName)\":".utf8)
        result.append(contentsOf: quoted(key))
        result.append(UInt8(ascii: "}"))
        return result
    }

    /// An original that is no object, in one: as JSON, or as a text where it is none.
    private static func wrapped(_ event: OutgoingEvent, key: String) -> [UInt8] {
        var result = Array("{\"\(keyName)\":".utf8)
        result.append(contentsOf: quoted(key))
        result.append(contentsOf: #","body":"#.utf8)
        event.appendJSONValue(to: &result)
        result.append(UInt8(ascii: "}"))
        return result
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: text.utf8.count + 2)
        writer.string(text)
        return writer.bytes
    }
}
