package import MartletJSON

// The form in which the API and `martlet components --json` show it.

extension ComponentDescription {
    /// Writes the description as a JSON object.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("kind", kind.rawValue)
        writer.member("name", name)
        writer.member("summary", summary)
        writer.key("fields")
        writer.beginArray()
        for field in FieldDescription.flattened(fields) {
            writer.beginObject()
            writer.member("name", field.name)
            writer.member("type", field.form.text)
            writer.member("required", field.isRequired)
            writer.key("default")
            if let text = field.defaultText { writer.string(text) } else { writer.null() }
            writer.member("summary", field.summary)
            writer.endObject()
        }
        writer.endArray()
        writer.member("example", example)
        writer.endObject()
    }
}

extension FieldDescription {
    /// The fields with those of their sections behind each, named as `keystone.auth-url`: for showing them.
    package static func flattened(_ fields: [FieldDescription]) -> [FieldDescription] {
        fields.flatMap { field -> [FieldDescription] in
            guard case .section(let members) = field.form else { return [field] }
            return [field]
                + flattened(members).map { member in
                    var shown = member
                    shown.name = "\(field.name).\(member.name)"
                    return shown
                }
        }
    }
}

extension FieldDescription.Form {
    /// What a value looks like, in a few words.
    package var text: String {
        switch self {
        case .string: "string"
        case .secret: "secret"
        case .url: "url"
        case .path: "path"
        case .boolean: "boolean"
        case .integer(let range): "integer from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "duration"
        case .bytes: "bytes"
        case .choice(let words): words.joined(separator: " | ")
        case .strings: "list of strings"
        case .secrets: "secret or list of secrets"
        case .table: "table of strings"
        case .section: "section"
        }
    }
}
