import Foundation
import MartletJSON

/// A value in memory, as Foundation or we read it.
indirect enum Tree: Equatable {
    case object([String: Tree])
    case array([Tree])
    case string(String)
    case number(Double)
    case boolean(Bool)
    case null

    init(_ value: JSONValue) {
        self =
            switch value.kind {
            case .object: .object(Dictionary(value.members.map { ($0.key, Tree($0.value)) }) { first, _ in first })
            case .array: .array(value.elements.map { Tree($0) })
            case .string: .string(value.string ?? "not a string")
            case .number: .number(value.double ?? .infinity)
            case .boolean: .boolean(value.boolean ?? false)
            case .null: .null
            }
    }

    /// Whether it holds what we read and Foundation refuses: a number past the largest, half a surrogate pair.
    var isBeyondFoundation: Bool {
        switch self {
        case .object(let members):
            members.contains { Tree.string($0.key).isBeyondFoundation || $0.value.isBeyondFoundation }
        case .array(let elements): elements.contains(where: \.isBeyondFoundation)
        case .string(let string): string.unicodeScalars.contains("\u{FFFD}")
        case .number(let number): number.isInfinite
        case .boolean, .null: false
        }
    }
}

extension Tree: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let elements = try? container.decode([Tree].self) {
            self = .array(elements)
        } else {
            self = .object(try container.decode([String: Tree].self))
        }
    }

    /// What Foundation reads.
    init(foundationReading bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Tree.self, from: Data(bytes))
    }
}
