package import Foundation
import Synchronization

/// Who may read which properties of OpenStack's images, by the rules that Glance itself goes by.
///
/// The first rule whose expression is found in a property's name decides; where none is, nobody may read it. Only what is no base
/// property is judged. Source: `glance/common/property_utils.py`.
package final class PropertyProtection: Sendable, Hashable {
    /// One section of the file.
    package struct Rule: Sendable, Hashable {
        /// As the file has it.
        package let text: String
        let expression: NSRegularExpression
        /// The roles that may read, in lower case; `@` is everybody, `!` is nobody.
        package let readers: Set<String>

        package init(text: String, expression: NSRegularExpression, readers: Set<String>) {
            self.text = text
            self.expression = expression
            self.readers = readers
        }

        // The text says it all, and two compiled expressions need not be equal.
        package static func == (left: Rule, right: Rule) -> Bool {
            left.text == right.text && left.readers == right.readers
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(text)
            hasher.combine(readers)
        }
    }

    package let rules: [Rule]
    /// Those of whoever receives what leaves, in lower case.
    package let roles: Set<String>
    /// Bounded, because whoever makes an image chooses the names.
    private let known = Mutex<[String: Bool]>([:])
    private static let capacity = 10_000
    /// In bytes; a property with a longer name is not shown. Glance's own bound is 255 characters.
    private static let longestName = 1_024

    package init(rules: [Rule], roles: some Sequence<String>) {
        self.rules = rules
        self.roles = Set(roles.map { $0.lowercased() })
    }

    /// Whether a property of this name may be read.
    func shows(_ name: String) -> Bool {
        if name.utf8.count > PropertyProtection.longestName { return false }
        if let known = known.withLock({ $0[name] }) { return known }
        let isShown = judge(name)
        known.withLock { known in
            if known.count >= PropertyProtection.capacity { known.removeAll(keepingCapacity: true) }
            known[name] = isShown
        }
        return isShown
    }

    private func judge(_ name: String) -> Bool {
        let whole = NSRange(name.startIndex..<name.endIndex, in: name)
        guard let rule = rules.first(where: { $0.expression.firstMatch(in: name, range: whole) != nil }) else {
            return false
        }
        if rule.readers.contains("!") { return false }
        return rule.readers.contains("@") || !rule.readers.isDisjoint(with: roles)
    }

    package static func == (left: PropertyProtection, right: PropertyProtection) -> Bool {
        left.rules == right.rules && left.roles == right.roles
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(rules)
        hasher.combine(roles)
    }
}
