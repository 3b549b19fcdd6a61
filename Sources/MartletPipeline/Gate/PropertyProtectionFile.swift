import Foundation

/// A property protection file of Glance's, with rules by roles: what Python's `configparser` takes, and nothing of its
/// interpolation.
///
///     [^x_owner_.*]
///     create = admin,member
///     read = admin,member
///     update = admin
///     delete = admin
package struct PropertyProtectionFile: Sendable {
    /// What is wrong, and where.
    package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// Counted from 1.
        package var line: Int
        package var reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    private struct Section {
        var name: String
        var line: Int
        var options: [String: String] = [:]
        /// The lines of the options.
        var lines: [String: Int] = [:]
    }

    package private(set) var rules: [PropertyProtection.Rule] = []
    /// What Glance only warns of.
    package private(set) var warnings: [Problem] = []

    /// - Throws: ``Problem``
    package init(_ text: String) throws(Problem) {
        var sections = try PropertyProtectionFile.sections(of: text)
        // The options of this one are everybody's where they have none of their own; it is no section by itself.
        let common = sections.firstIndex { $0.name == "DEFAULT" }.map { sections.remove(at: $0) }
        guard !sections.isEmpty else {
            throw Problem(
                line: 1,
                reason: "there is no section, and so nothing that anybody may read; write [REGULAR EXPRESSION]"
            )
        }
        for section in sections {
            for operation in ["create", "update", "delete"] {
                _ = try permissions(for: operation, in: section, common)
            }
            let readers = try permissions(for: "read", in: section, common)
            if readers.isEmpty {
                warnings.append(
                    Problem(
                        line: section.line,
                        reason: "[\(section.name)] has no “read”: nobody may read what it finds"
                    )
                )
            }
            rules.append(
                PropertyProtection.Rule(
                    text: section.name,
                    expression: try PropertyProtectionFile.expression(of: section),
                    readers: readers
                )
            )
        }
    }

    private static func expression(of section: Section) throws(Problem) -> NSRegularExpression {
        do {
            return try NSRegularExpression(pattern: section.name)
        } catch {
            throw Problem(
                line: section.line,
                reason: "[\(section.name)] is no regular expression; a group with a name is written (?<name>…) here"
            )
        }
    }

    private func permissions(
        for operation: String,
        in section: Section,
        _ common: Section?
    ) throws(Problem) -> Set<String> {
        guard let value = section.options[operation] ?? common?.options[operation] else { return [] }
        let line = section.lines[operation] ?? common?.lines[operation] ?? section.line
        let permissions = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
        let place = "[\(section.name)] \(operation)"
        if value.contains("%(") {
            throw Problem(line: line, reason: "\(place): %(…)s is not filled in here; write the value")
        }
        if let policy = permissions.first(where: PropertyProtectionFile.isPolicy) {
            throw Problem(
                line: line,
                reason: "\(place): “\(policy)” is a policy; only rules by roles can be read "
                    + "(property_protection_rule_format = roles): name the roles that it means"
            )
        }
        if let sign = permissions.first(where: { $0 == "@" || $0 == "!" }), permissions.count > 1 {
            throw Problem(
                line: line,
                reason:
                    "\(place): “\(sign)” is \(sign == "@" ? "everybody" : "nobody") and stands alone; take it out, or the others"
            )
        }
        return Set(permissions.map { $0.lowercased() })
    }

    /// A rule of oslo.policy, or the name of one that its services bring with them.
    private static func isPolicy(_ permission: String) -> Bool {
        permission.contains(":") || permission.contains("(") || permission.contains(" or ")
            || permission.contains(" and ") || permission == "context_is_admin"
    }
}

// MARK: - Lines

extension PropertyProtectionFile {
    /// What stands in the file, in its order: `[section]`, `key = value` or `key: value`, indented lines that go on with a value,
    /// whole lines of comment after `#` or `;`.
    private static func sections(of text: String) throws(Problem) -> [Section] {
        var sections: [Section] = []
        /// The option that an indented line goes on with.
        var option: String?
        let lines = text.split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\r"].contains($0) }
        for (index, line) in lines.enumerated() {
            let (number, content) = (index + 1, line.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"])))
            guard let first = content.first, first != "#", first != ";" else { continue }
            if let option, line.first == " " || line.first == "\t" {
                sections[sections.count - 1].options[option, default: ""] += "\n" + content
            } else if first == "[" {
                option = nil
                sections.append(try section(content, at: number, after: sections))
            } else if sections.isEmpty {
                throw Problem(line: number, reason: "“\(content)” stands before the first [section]")
            } else {
                option = try add(content, at: number, to: &sections[sections.count - 1])
            }
        }
        return sections
    }

    private static func section(_ content: String, at line: Int, after sections: [Section]) throws(Problem) -> Section {
        guard let end = content.lastIndex(of: "]"), content.index(after: content.startIndex) < end else {
            throw Problem(line: line, reason: "“\(content)” is no section; write [REGULAR EXPRESSION]")
        }
        let name = String(content[content.index(after: content.startIndex)..<end])
        if let other = sections.first(where: { $0.name == name }) {
            throw Problem(line: line, reason: "[\(name)] stands in line \(other.line) too; take one of them out")
        }
        return Section(name: name, line: line)
    }

    /// - Returns: the option's name.
    private static func add(_ content: String, at line: Int, to section: inout Section) throws(Problem) -> String {
        guard let sign = content.firstIndex(where: { $0 == "=" || $0 == ":" }), sign > content.startIndex else {
            throw Problem(line: line, reason: "“\(content)” is neither a section nor “read = role, role”")
        }
        let name = content[..<sign].trimmingCharacters(in: .whitespaces).lowercased()
        guard section.options[name] == nil else {
            throw Problem(line: line, reason: "“\(name)” stands twice in [\(section.name)]; take one of them out")
        }
        section.options[name] = content[content.index(after: sign)...].trimmingCharacters(in: .whitespaces)
        section.lines[name] = line
        return name
    }
}
