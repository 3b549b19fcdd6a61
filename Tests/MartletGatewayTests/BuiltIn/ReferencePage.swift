import Foundation
import MartletPipeline

/// A page of `docs/reference`, and the part of it that comes from a component's description.
struct ReferencePage {
    let path: String

    init(of description: ComponentDescription) {
        path =
            ReferencePage.root.appendingPathComponent(
                "docs/reference/\(description.kind.rawValue)-\(description.name).md"
            ).path
    }

    /// The folder of the package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let start = "<!-- from the description -->\n"
    private static let end = "<!-- end -->"

    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// What stands between the two marks.
    func describedPart() throws -> String? {
        let text = try text()
        guard let start = text.range(of: Self.start), let end = text.range(of: Self.end) else { return nil }
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// Writes what should stand between the marks.
    func record(_ part: String) throws {
        var text = try text()
        guard let start = text.range(of: Self.start), let end = text.range(of: Self.end) else { return }
        text.replaceSubrange(start.upperBound..<end.lowerBound, with: part)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

extension ComponentDescription {
    /// Summary, example and fields in Markdown.
    var markdown: String {
        let example = "```yaml\n\(self.example)\n```\n"
        guard !fields.isEmpty else { return "\(summary)\n\n\(example)\nIt has no fields.\n" }
        let rows = FieldDescription.flattened(fields).map { field in
            let fallback = field.isRequired ? "required" : field.defaultText.map { "`\($0)`" } ?? ""
            return "| `\(field.name)` | \(field.form.markdown) | \(fallback) | \(field.summary) |"
        }
        let table = (["| field | form | default | |", "|---|---|---|---|"] + rows).joined(separator: "\n")
        return "\(summary)\n\n\(example)\n\(table)\n"
    }
}

extension FieldDescription.Form {
    fileprivate var markdown: String {
        switch self {
        case .string: "text"
        case .secret: "secret"
        case .url: "URL"
        case .path: "path"
        case .boolean: "`true` or `false`"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration: "duration"
        case .bytes: "size"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .strings: "list of texts"
        case .secrets: "secret, or a list of them"
        case .table: "names with values"
        case .section: "section"
        }
    }
}
