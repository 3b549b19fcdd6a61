@testable import MartletJSON

/// Takes out or replaces every few values of a document, and writes down beside it what ought to be left.
struct RandomSplice {
    private(set) var edits: [JSONSplice.Edit] = []
    private(set) var expected = JSONWriter()
    private var turn: UInt8

    init(choice: UInt8) { turn = choice }

    /// What becomes of the next member or element.
    private enum Fate { case kept, removed, replaced }

    private mutating func nextFate() -> Fate {
        turn = turn &* 29 &+ 17
        switch turn >> 5 {
        case 0, 1: return .removed
        case 2: return .replaced
        default: return .kept
        }
    }

    mutating func visit(_ value: JSONValue) {
        switch value.kind {
        case .object:
            expected.beginObject()
            for member in value.members {
                switch nextFate() {
                case .removed: edits.append(.remove(member.range))
                case .replaced:
                    expected.key(member.key)
                    replace(member.value)
                case .kept:
                    expected.key(member.key)
                    visit(member.value)
                }
            }
            expected.endObject()
        case .array:
            expected.beginArray()
            for element in value.elements {
                switch nextFate() {
                case .removed: edits.append(.remove(element.range))
                case .replaced: replace(element)
                case .kept: visit(element)
                }
            }
            expected.endArray()
        case .string: expected.string(value.string ?? "")
        case .number, .boolean, .null: expected.raw(value.bytes)
        }
    }

    private mutating func replace(_ value: JSONValue) {
        edits.append(.replace(value.range, with: Array(#""***""#.utf8)))
        expected.string("***")
    }
}
