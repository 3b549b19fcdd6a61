import Martlet
import MartletJSON
@testable import MartletPipeline

/// Field protection: the one gate.
enum GateTargets {
    static let all = [
        // A pattern on the first line, a JSON text behind it.
        FuzzTarget(name: "protect") { bytes in
            var input = FuzzInput(bytes)
            // A regular expression is the operator's own and may take its time; a path is what is tried here.
            let text = input.text().filter { $0.isASCII && ($0.isLetter || ".*_-".contains($0)) }
            guard let pattern = try? FieldPattern(text.isEmpty ? "*" : text) else { return }
            let protection = Protection(audience: .user, drop: [pattern], mask: [])
            let protector = FieldProtector(protection.view(of: ProtectionSubject()))
            guard let shown = protector.protect(input.rest) else { return }
            guard let root = FormatTargets.json(shown) else { throw FuzzFinding("what is shown is no JSON") }
            try demand(!isShown(pattern, in: root, path: ""), "a field that is dropped is shown")
            let again = protector.protect(shown)
            try demand(again.map { $0.elementsEqual(shown) } ?? false, "a second look takes out more")
        }
    ]

    private static func isShown(_ pattern: FieldPattern, in value: JSONValue, path: String) -> Bool {
        value.members.contains { member in
            let memberPath = path.isEmpty ? member.key : "\(path).\(member.key)"
            return pattern.matches(path: memberPath) || isShown(pattern, in: member.value, path: memberPath)
        } || value.elements.contains { isShown(pattern, in: $0, path: path) }
    }
}
