import Foundation
import Martlet
import MartletPipeline
import Yams

// `protect`: what leaves with what taken out.

extension ConfigurationReader {
    func protection(_ node: Node, path: String) -> Protection {
        var audience = Audience.admin
        var drop: [FieldPattern] = []
        var mask: [FieldPattern] = []
        var adminOnly: [FieldGlob] = []
        var rules: [ProtectionRule] = []
        let known = ["audience", "drop", "mask", "admin-only", "rules", "property-protection", "roles"]
        let members = mapping(node, path: path, known: known)
        for (key, keyNode, value) in members {
            let path = path.appending(key: key)
            switch key {
            case "audience": audience = choice(value, path: path, in: Audience.self) ?? audience
            case "drop": drop = fieldPatterns(value, path: path)
            case "mask": mask = fieldPatterns(value, path: path)
            case "admin-only": adminOnly = strings(value, path: path).map { FieldGlob($0) }
            case "rules": rules = protectionRules(value, at: keyNode, path: path)
            default: break
            }
        }
        if let member = members.first(where: { $0.key == "admin-only" }), audience == .admin {
            report(
                "does nothing for an administrator; add “audience: user”, or say “drop”",
                at: member.keyNode,
                path: path.appending(key: "admin-only"),
                severity: .warning
            )
        }
        return Protection(
            audience: audience,
            drop: drop,
            mask: mask,
            adminOnly: adminOnly,
            rules: rules,
            properties: propertyProtection(members, path: path)
        )
    }

    func fieldPatterns(_ node: Node, path: String) -> [FieldPattern] {
        strings(node, path: path).compactMap { text in
            do {
                return try FieldPattern(text)
            } catch {
                report("“\(text)” is neither a path nor a regular expression: \(error)", at: node, path: path)
                return nil
            }
        }
    }

    private func protectionRules(_ node: Node, at keyNode: Node, path: String) -> [ProtectionRule] {
        guard let sequence = node.sequence else {
            if !node.isNull {
                report("is \(node.kindText), and should be a list: “- { when: …, drop: … }”", at: node, path: path)
            }
            return []
        }
        guard sequence.count <= Protection.maximumRules else {
            report("has more than \(Protection.maximumRules) rules", at: keyNode, path: path)
            return []
        }
        return sequence.enumerated().map { index, node in
            protectionRule(node, path: "\(path)[\(index)]")
        }
    }

    private func protectionRule(_ node: Node, path: String) -> ProtectionRule {
        var when: [EventFilter.Match] = []
        var unless: [EventFilter.Match] = []
        var drop: [FieldPattern] = []
        var mask: [FieldPattern] = []
        for (key, _, value) in mapping(node, path: path, known: ["when", "unless", "drop", "mask"]) {
            let path = path.appending(key: key)
            switch key {
            case "when": when = matches(value, path: path)
            case "unless": unless = matches(value, path: path)
            case "drop": drop = fieldPatterns(value, path: path)
            default: mask = fieldPatterns(value, path: path)
            }
        }
        if drop.isEmpty, mask.isEmpty {
            report("hides nothing: say with “drop” or “mask” what", at: node, path: path)
        }
        if when.isEmpty, unless.isEmpty {
            report("has no condition: say with “when” or “unless” for which events it holds", at: node, path: path)
        }
        return ProtectionRule(when: when, unless: unless, drop: drop, mask: mask)
    }

    /// `property-protection`, a file of Glance's, and `roles`.
    private func propertyProtection(
        _ members: [(key: String, keyNode: Node, value: Node)],
        path: String
    ) -> PropertyProtection? {
        let roles = members.first { $0.key == "roles" }
        guard let member = members.first(where: { $0.key == "property-protection" }) else {
            if let roles {
                report(
                    "does nothing without “property-protection”, the file that says what these roles may read",
                    at: roles.keyNode,
                    path: path.appending(key: "roles"),
                    severity: .warning
                )
            }
            return nil
        }
        let path = path.appending(key: "property-protection")
        if roles == nil {
            report(
                "without “roles” nothing is shown but what everybody may read (“@”); say which roles the receiver has",
                at: member.keyNode,
                path: path,
                severity: .warning
            )
        }
        guard let file = string(member.value, path: path) else { return nil }
        let names = roles.map { strings($0.value, path: $0.key) } ?? []
        do {
            let protection = try PropertyProtectionFile(try String(contentsOfFile: file, encoding: .utf8))
            for warning in protection.warnings {
                report("\(file), \(warning)", at: member.value, path: path, severity: .warning)
            }
            return PropertyProtection(rules: protection.rules, roles: names)
        } catch let problem as PropertyProtectionFile.Problem {
            report("\(file), \(problem)", at: member.value, path: path)
        } catch {
            report("the file \(file) cannot be read: \(error.localizedDescription)", at: member.value, path: path)
        }
        return nil
    }

    /// What a forwarder asks for and hides tells its receiver by what comes whether it matches.
    func checkMatches(_ matches: [EventFilter.Match], against protection: Protection, at node: Node, path: String) {
        let names = Set(matches.flatMap(\.attributes.keys)).filter { !protection.allowsQuery(by: $0) }.sorted()
        for name in names {
            report(
                "asks for “\(name)”, which “protect” hides: whoever receives the events knows by that what it is; "
                    + "take it out of one of them",
                at: node,
                path: path,
                severity: .warning
            )
        }
    }
}
