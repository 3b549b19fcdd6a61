package import MartletJSON

/// What went wrong with a request: a problem document (RFC 9457), `application/problem+json`.
package struct Problem: Error, Sendable, Hashable {
    package static let contentType = "application/problem+json"

    /// Where in a body the mistake is.
    package struct Place: Sendable, Hashable {
        /// Both counted from 1, the column in Unicode scalars.
        package var line: Int
        package var column: Int
        /// In bytes, counted from 0.
        package var offset: Int

        package init(line: Int, column: Int, offset: Int) {
            self.line = line
            self.column = column
            self.offset = offset
        }
    }

    package var code: ProblemCode
    /// A sentence about this very occurrence, with the remedy where there is one.
    package var detail: String
    /// The path of the request.
    package var instance: String?
    /// The parameter to blame.
    package var parameter: String?
    package var place: Place?
    /// The clouds to choose from, where a resource is ambiguous.
    package var clouds: [String]
    /// Everything that is wrong with a configuration, each with its place.
    package var findings: [String]

    package init(
        _ code: ProblemCode,
        _ detail: String,
        instance: String? = nil,
        parameter: String? = nil,
        place: Place? = nil,
        clouds: [String] = [],
        findings: [String] = []
    ) {
        self.code = code
        self.detail = detail
        self.instance = instance
        self.parameter = parameter
        self.place = place
        self.clouds = clouds
        self.findings = findings
    }

    /// A parameter that is wrong.
    package static func parameter(_ name: String, _ detail: String) -> Problem {
        Problem(.invalidParameter, detail, parameter: name)
    }
}

extension Problem: CustomStringConvertible {
    package var description: String { "\(code): \(detail)" }
}

extension Problem {
    /// Writes the problem document.
    package func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", code.type)
        writer.member("title", code.title)
        writer.member("status", code.status)
        writer.member("code", code.rawValue)
        writer.member("detail", detail)
        writer.member("instance", instance)
        writer.member("parameter", parameter)
        writer.member("line", place?.line)
        writer.member("column", place?.column)
        writer.member("offset", place?.offset)
        write("clouds", clouds, into: &writer)
        write("findings", findings, into: &writer)
        writer.endObject()
    }

    private func write(_ name: String, _ texts: [String], into writer: inout JSONWriter) {
        guard !texts.isEmpty else { return }
        writer.key(name)
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
    }

    /// Reads a problem document; `nil` where the value is none.
    package init?(_ document: JSONValue) {
        let code =
            document["code"]?.string
            ?? document["type"]?.string.flatMap { type in
                type.hasPrefix(ProblemCode.typePrefix) ? String(type.dropFirst(ProblemCode.typePrefix.count)) : nil
            }
        guard let code else { return nil }
        self.init(
            ProblemCode(rawValue: code),
            document["detail"]?.string ?? document["title"]?.string ?? code,
            instance: document["instance"]?.string,
            parameter: document["parameter"]?.string,
            clouds: document["clouds"]?.elements.compactMap(\.string) ?? [],
            findings: document["findings"]?.elements.compactMap(\.string) ?? []
        )
        if let line = document["line"]?.integer, let column = document["column"]?.integer,
            let offset = document["offset"]?.integer
        {
            place = Place(line: Int(line), column: Int(column), offset: Int(offset))
        }
    }
}
