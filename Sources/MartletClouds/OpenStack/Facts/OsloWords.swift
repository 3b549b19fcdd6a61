import MartletJSON

/// What becomes of each member of a payload in the document of its resource, found by the bytes of its key.
///
/// A class, so that a look-up in a shared table copies no arrays.
final class OsloWords: Sendable {
    enum Treatment: Sendable {
        /// The API has the name of a member, too.
        case none
        case leaveOut
        /// The key as JSON, with its quotes, and the number of the name that it is.
        case rename([UInt8], Int)
        case reshape(Shape)
    }

    /// A machine's members that have another shape in the API.
    enum Shape: String, Sendable, CaseIterable {
        case image = "image_uuid"
        case flavor
        case addresses = "ip_addresses"
        case volumes = "block_devices"
    }

    private let table: NameTable
    private let treatments: [Treatment]
    /// How many names there are, which are numbered from 0.
    var count: Int { treatments.count }
    let isEmpty: Bool

    private init(of resourceType: String) {
        let words = OsloDocument.names[resourceType] ?? [:]
        let shapes = resourceType == "VirtualMachine" ? Shape.allCases : []
        let names = Set(words.keys).union(words.values).union(shapes.map(\.rawValue)).subtracting([""]).sorted()
        treatments = names.map { name in
            if let shape = shapes.first(where: { $0.rawValue == name }) { return .reshape(shape) }
            guard let word = words[name], word != name else { return .none }
            guard let number = names.firstIndex(of: word) else { return .leaveOut }
            return .rename(Array("\"\(word)\"".utf8), number)
        }
        table = NameTable(names)
        isEmpty = names.isEmpty
    }

    /// The number of a member's name; `nil` where nothing is to be done to it.
    func number(of member: JSONMember) -> Int? {
        member.keyHasEscapes ? table.number(of: Array(member.key.utf8)) : table.number(of: member.keyContent)
    }

    func treatment(of number: Int?) -> Treatment { number.map { treatments[$0] } ?? .none }

    static func of(_ resourceType: String) -> OsloWords { all[resourceType] ?? none }

    private static let all = Dictionary(uniqueKeysWithValues: OsloDocument.names.keys.map { ($0, OsloWords(of: $0)) })
    private static let none = OsloWords(of: "")
}
