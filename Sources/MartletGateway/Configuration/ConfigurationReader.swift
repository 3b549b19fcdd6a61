import Foundation
import Martlet
import MartletPipeline
import Yams

/// Walks a YAML document and collects all findings at once.
///
/// Every value is read through it, so that `${ENV}` and `{ file: … }` work everywhere, and a wrong value is a finding with
/// its line and the reading goes on.
final class ConfigurationReader {
    /// Where `${NAME}` is looked up.
    let environment: [String: String]
    var findings: [Finding] = []
    /// What has been filled in, and how it is written in the file: only that is ever quoted, for the value may be a secret
    /// that stands in a wrong place.
    private var fillings: [(value: String, written: String)] = []

    init(environment: [String: String]) { self.environment = environment }

    func report(_ message: String, at node: Node?, path: String, severity: Finding.Severity = .error) {
        findings.append(
            Finding(
                severity: severity,
                line: node?.mark?.line ?? 1,
                column: node?.mark?.column ?? 1,
                path: path,
                message: quoting(message)
            )
        )
    }

    /// A message with what has been filled in as it is written; of two the longer first, for one may hold the other.
    private func quoting(_ message: String) -> String {
        fillings.sorted { $0.value.count > $1.value.count }
            .reduce(message) { $0.replacing($1.value, with: $1.written) }
    }

    private func fill(_ value: String, for written: String) {
        // What is very short would be found in words of our own.
        if value.count > 3 { fillings.append((value, written)) }
    }

    /// A mapping with these keys only; an unknown key is a finding that names the nearest known one.
    ///
    /// - Parameter known: `nil` where the keys are names that the user chooses.
    func mapping(_ node: Node, path: String, known: [String]?) -> [(key: String, keyNode: Node, value: Node)] {
        if node.isNull { return [] }
        guard let mapping = node.mapping else {
            report("is \(node.kindText), and should be a mapping of keys to values", at: node, path: path)
            return []
        }
        var seen: Set<String> = []
        return mapping.compactMap { keyNode, value in
            guard let key = keyNode.scalar?.string else {
                report("has a key that is no text", at: keyNode, path: path)
                return nil
            }
            guard seen.insert(key).inserted else {
                report("stands here twice", at: keyNode, path: path.appending(key: key))
                return nil
            }
            if let known, !known.contains(key) {
                report(Spelling.unknown("key", key, known: known), at: keyNode, path: path.appending(key: key))
                return nil
            }
            return (key, keyNode, value)
        }
    }

    /// A scalar's text with `${ENV}` filled in; `nil`, and a finding, for anything else.
    func string(_ node: Node, path: String) -> String? {
        if let mapping = node.mapping, mapping.count == 1, let file = mapping["file"] {
            return contents(of: file, path: path.appending(key: "file"))
        }
        guard let scalar = node.scalar, !node.isNull else {
            report("is \(node.kindText), and should be a text", at: node, path: path)
            return nil
        }
        return interpolate(scalar.string, at: node, path: path)
    }

    private func contents(of node: Node, path: String) -> String? {
        guard let file = string(node, path: path) else { return nil }
        do {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let value = text.trimmingCharacters(in: .newlines)
            fill(value, for: "{ file: \(file) }")
            return value
        } catch {
            report("the file \(file) cannot be read: \(error.localizedDescription)", at: node, path: path)
            return nil
        }
    }

    private func interpolate(_ text: String, at node: Node, path: String) -> String? {
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                report("has a ${ without its }", at: node, path: path)
                return nil
            }
            let name = String(rest[start.upperBound..<end])
            guard let value = environment[name] else {
                report(
                    "the environment variable \(name) is not set; set it, or write the value here",
                    at: node,
                    path: path
                )
                return nil
            }
            fill(value, for: "${\(name)}")
            result += value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// One text or a list of them.
    func strings(_ node: Node, path: String) -> [String] {
        guard let sequence = node.sequence else { return string(node, path: path).map { [$0] } ?? [] }
        return sequence.enumerated().compactMap { string($1, path: "\(path)[\($0)]") }
    }

    func boolean(_ node: Node, path: String) -> Bool? {
        guard let text = string(node, path: path) else { return nil }
        switch text {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            report("is “\(text)”, and should be true or false", at: node, path: path)
            return nil
        }
    }

    func integer(_ node: Node, path: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = string(node, path: path) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            report(
                "is “\(text)”, and should be a whole number from \(range.lowerBound) to \(range.upperBound)",
                at: node,
                path: path
            )
            return nil
        }
        return value
    }

    func number(_ node: Node, path: String, in range: ClosedRange<Double>) -> Double? {
        guard let text = string(node, path: path) else { return nil }
        guard let value = Double(text), range.contains(value) else {
            report(
                "is “\(text)”, and should be a number from \(range.lowerBound) to \(range.upperBound)",
                at: node,
                path: path
            )
            return nil
        }
        return value
    }

    func duration(_ node: Node, path: String) -> Duration? {
        guard let text = string(node, path: path) else { return nil }
        guard let value = Duration(text: text) else {
            report("is “\(text)”, and should be a duration such as 500ms, 15s, 5m, 1h or 30d", at: node, path: path)
            return nil
        }
        return value
    }

    func byteCount(_ node: Node, path: String) -> Int? {
        guard let text = string(node, path: path) else { return nil }
        guard let value = ByteCount.read(text) else {
            report("is “\(text)”, and should be a size such as 65536, 64KiB, 10MiB or 2GiB", at: node, path: path)
            return nil
        }
        return value
    }

    func choice(_ node: Node, path: String, of choices: [String]) -> String? {
        guard let text = string(node, path: path) else { return nil }
        guard choices.contains(text) else {
            report(Spelling.unknown("value", text, known: choices), at: node, path: path)
            return nil
        }
        return text
    }

    /// Names with string values.
    func table(_ node: Node, path: String) -> [String: String] {
        var table: [String: String] = [:]
        for (key, _, value) in mapping(node, path: path, known: nil) {
            table[key] = string(value, path: path.appending(key: key))
        }
        return table
    }
}

/// Sizes as people write them.
enum ByteCount {
    static func read(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Int(digits) else { return nil }
        let unit: Int
        switch text.dropFirst(digits.count) {
        case "", "B": unit = 1
        case "KiB": unit = 1 << 10
        case "MiB": unit = 1 << 20
        case "GiB": unit = 1 << 30
        default: return nil
        }
        let (bytes, overflow) = value.multipliedReportingOverflow(by: unit)
        return overflow ? nil : bytes
    }
}

extension String {
    func appending(key: String) -> String { isEmpty ? key : "\(self).\(key)" }
}

extension Node {
    var isNull: Bool { null != nil }

    var kindText: String {
        if isNull { return "empty" }
        if mapping != nil { return "a mapping" }
        if sequence != nil { return "a list" }
        return "a text"
    }
}
