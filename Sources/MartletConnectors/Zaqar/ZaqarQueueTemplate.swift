import Martlet
import MartletPipeline

/// The name of the queue that an event goes to: fixed, or made of its attributes as in `martlet-{tenantid}`.
struct ZaqarQueueTemplate: Sendable, Hashable {
    /// Why there is no queue for an event.
    struct Unnameable: Error, Hashable {
        let reason: String
    }

    private enum Part: Sendable, Hashable {
        case text(String)
        /// An attribute, and what stands there where an event has none.
        case attribute(String, fallback: String?)
    }

    /// In bytes: Zaqar's own limit, as that on characters is.
    private static let longestName = 64

    private let parts: [Part]

    init(_ text: String) throws(ComponentError) {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw ComponentError(field: "queue", "has a { without its }")
            }
            parts.append(try Self.attribute(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        guard !parts.isEmpty else { throw ComponentError(field: "queue", "is empty: name the queue") }
        for case .text(let text) in parts { try Self.check(text) }
        self.parts = parts
        if isFixed, let fault = Self.fault(of: text) {
            throw ComponentError(field: "queue", "cannot be a queue's name: it \(fault)")
        }
    }

    /// Whether all events go to one queue.
    var isFixed: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The attributes that name the queue.
    var attributes: [String] {
        parts.compactMap { if case .attribute(let name, _) = $0 { name } else { nil } }
    }

    /// The queue of an event.
    ///
    /// A name that does not fit is no queue: one that was made to fit would be known to nobody who reads it.
    func name(for event: Event) throws(Unnameable) -> String {
        var name = ""
        for part in parts {
            switch part {
            case .text(let text): name += text
            case .attribute(let attribute, let fallback):
                guard let value = event.attribute(attribute).flatMap({ $0.isEmpty ? nil : $0 }) ?? fallback else {
                    throw Unnameable(
                        reason: """
                            The event has no attribute “\(attribute)”, which its queue is named by: leave such events out \
                            with match, or say in the template where they go, as {\(attribute):unknown}.
                            """
                    )
                }
                name += value
            }
        }
        if let fault = Self.fault(of: name) {
            throw Unnameable(reason: "“\(name.onOneLine(atMost: 100))” cannot be a queue's name: it \(fault).")
        }
        return name
    }

    private static func attribute(_ text: Substring) throws(ComponentError) -> Part {
        let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = words.first, !name.isEmpty,
            name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
        else {
            throw ComponentError(
                field: "queue",
                "has “{\(text)}”, and should have an attribute's name there, which is of lower-case letters and digits"
            )
        }
        let fallback = words.count > 1 ? String(words[1]) : nil
        if let fallback { try check(fallback) }
        return .attribute(String(name), fallback: fallback)
    }

    private static func check(_ text: String) throws(ComponentError) {
        guard text.utf8.allSatisfy(isNameByte) else {
            throw ComponentError(field: "queue", "cannot be a queue's name: it \(badCharacter)")
        }
    }

    private static func fault(of name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if !name.utf8.allSatisfy(isNameByte) { return badCharacter }
        if name.utf8.count > longestName { return "is longer than \(longestName) characters" }
        return nil
    }

    private static let badCharacter = "may have letters, digits, hyphens, underscores and full stops only"

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}
