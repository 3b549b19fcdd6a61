import MartletJSON

/// Finds what is cut of a notification beside the credentials that all clouds share.
///
/// Of the request's context all is cut but a few ids (``RequestContext/keptNames``), wherever it stands: older
/// oslo.messaging sends the caller's live token and the service catalogue with each notification, and a newer version may
/// add to it. A server's user data is cut too: it is where its first passwords are.
struct NotificationCut {
    /// Of the notification's own text, wherever in a document it stands.
    private(set) var edits: [JSONSplice.Edit] = []
    /// Among what was cut there was a credential with a value.
    private(set) var holdsCredential = false
    /// Something is cut that does not stand at the top, where nothing but the context is.
    private(set) var reachesPayload = false
    /// Where the notification begins in its document, which may have others before it, or blanks.
    private let start: Int

    /// What is to be cut of the notification that is this object.
    init(of root: JSONValue) {
        start = root.range.lowerBound
        for member in root.members {
            if member.mayNameContext {
                visit(context: member)
            } else if member.value.isContainer, NotificationCut.isWorthVisiting(member.value.bytes) {
                let count = edits.count
                visit(within: member.value)
                if edits.count > count { reachesPayload = true }
            }
        }
    }

    private mutating func visit(within value: JSONValue) {
        for member in value.members {
            if member.mayNameContext {
                visit(context: member)
            } else if member.keyContent.hasSuffix(NotificationCut.userData) {
                remove(member)
                holdsCredential = holdsCredential || member.value.isPresent
            } else if member.value.isContainer {
                visit(within: member.value)
            }
        }
        for element in value.elements where element.isContainer { visit(within: element) }
    }

    /// A member whose name begins with an underscore, or with an escape that may be one.
    private mutating func visit(context member: JSONMember) {
        let key = member.keyHasEscapes ? Array(member.key.utf8)[...] : member.keyContent
        if key.equals(NotificationCut.context[...]) {
            guard member.value.kind == .object else { return cut(member) }
            for inner in member.value.members where !RequestContext.keeps(inner.keyContent) { cut(inner) }
        } else if key.hasPrefix(NotificationCut.prefix) {
            if !RequestContext.keeps(key.dropFirst(NotificationCut.prefix.count)) { cut(member) }
        } else if member.value.isContainer {
            visit(within: member.value)
        }
    }

    private mutating func cut(_ member: JSONMember) {
        remove(member)
        guard !holdsCredential, member.value.isPresent else { return }
        holdsCredential =
            CredentialNames.contains(member.keyContent) || Credentials.cut(from: member.value.bytes) != nil
    }

    private mutating func remove(_ member: JSONMember) {
        let range = member.range
        edits.append(.remove(range.lowerBound - start..<range.upperBound - start))
    }

    private static let context = Array("_context".utf8)
    private static let prefix = Array("_context_".utf8)
    /// Also as `OS-EXT-SRV-ATTR:user_data`.
    private static let userData = Array("user_data".utf8)

    /// Whether a key may begin with `_c` or end in `r_data`: sixteen bytes at a time, since nearly none does.
    private static func isWorthVisiting(_ bytes: Bytes) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            let raw = UnsafeRawBufferPointer(buffer)
            var index = 0
            while index + 18 <= raw.count {
                let first = raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
                let scores = raw.loadUnaligned(fromByteOffset: index + 1, as: SIMD16<UInt8>.self) .== underscore
                let last = raw.loadUnaligned(fromByteOffset: index + 2, as: SIMD16<UInt8>.self)
                let context = (first .== quote) .& (last .== letterC)
                let userData = (first .== letterR) .& (last .== letterD)
                if any(scores .& (context .| userData)) { return true }
                index += 16
            }
            return raw[index...].contains(UInt8(ascii: "_"))
        }
    }

    private static let quote = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
    private static let underscore = SIMD16<UInt8>(repeating: UInt8(ascii: "_"))
    private static let letterC = SIMD16<UInt8>(repeating: UInt8(ascii: "c"))
    private static let letterD = SIMD16<UInt8>(repeating: UInt8(ascii: "d"))
    private static let letterR = SIMD16<UInt8>(repeating: UInt8(ascii: "r"))
}

extension JSONMember {
    fileprivate var mayNameContext: Bool {
        firstKeyByte == UInt8(ascii: "_") || firstKeyByte == UInt8(ascii: "\\")
    }
}

extension JSONValue {
    var isContainer: Bool { kind == .object || kind == .array }

    /// Whether there is something: no null, no empty text, none of the stars that oslo.messaging writes over a secret.
    fileprivate var isPresent: Bool {
        guard let content = stringContent else { return !isNull }
        return !content.isEmpty && !content.allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
