import Foundation
import MartletJSON

/// Compares what two readers of JSON have read.
enum JSONComparison {
    static func isSame(_ ours: JSONValue, _ theirs: Any) -> Bool {
        switch ours.kind {
        case .null: return theirs is NSNull
        case .boolean: return (theirs as? Bool) == ours.boolean
        case .string:
            guard let text = theirs as? String else { return false }
            // Half a surrogate pair is U+FFFD here and may be anything there.
            return ours.hasEscapes || ours.string == text
        case .number:
            guard let number = theirs as? NSNumber else { return false }
            return isSame(String(decoding: ours.bytes, as: UTF8.self), number)
        case .array:
            guard let array = theirs as? [Any], array.count == ours.count else { return false }
            return zip(ours.elements, array).allSatisfy { isSame($0, $1) }
        case .object:
            guard let object = theirs as? [String: Any] else { return false }
            let keys = ours.members.map(\.key)
            // Of two members with one key the first counts here and the last there.
            guard Set(keys).count == keys.count else { return object.count <= keys.count }
            return object.count == keys.count
                && ours.members.allSatisfy { member in object[member.key].map { isSame(member.value, $0) } ?? false }
        }
    }

    private static func isSame(_ text: String, _ number: NSNumber) -> Bool {
        guard let value = Double(text) else { return false }
        let other = number.doubleValue
        return value == other || abs(value - other) <= abs(value) * 1e-14
    }
}
