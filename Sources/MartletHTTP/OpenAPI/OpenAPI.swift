import HTTPTypes
import MartletClient
import MartletJSON

/// The OpenAPI 3.1 document, made of the table of endpoints.
enum OpenAPI {
    /// The document, as JSON.
    static var document: JSONWriter {
        var writer = JSONWriter(reservingCapacity: 65_536)
        writer.beginObject()
        writer.member("openapi", "3.1.0")
        writer.key("info")
        writer.beginObject()
        writer.member("title", "Martlet")
        writer.member("version", "1")
        writer.member(
            "description",
            """
            Events of private clouds: in, searched, and out. Times are RFC 3339 in UTC, positions and ids decimal \
            strings. Errors are problem documents (RFC 9457); `code` is stable.
            """
        )
        writer.endObject()
        writer.key("paths")
        writePaths(into: &writer)
        writer.key("components")
        writer.beginObject()
        writer.key("schemas")
        writer.raw(OpenAPI.allSchemas.utf8)
        writer.key("responses")
        writeProblems(into: &writer)
        writer.key("securitySchemes")
        writer.raw(OpenAPI.securitySchemes.utf8)
        writer.endObject()
        writer.endObject()
        return writer
    }

    /// The members of several objects as one.
    private static var allSchemas: String {
        let members = [schemas, statusSchemas, componentSchemas, replaySchemas, syncSchemas].map { text in
            // Without the braces around it.
            text.drop { $0 != "{" }.dropFirst().reversed().drop { $0 != "}" }.dropFirst().reversed()
        }
        return "{\(members.map { String($0) }.joined(separator: ","))}"
    }

    private static let securitySchemes = """
        {"administrator":{"type":"http","scheme":"bearer","description":"The administrator's token."},\
        "signature":{"type":"apiKey","in":"header","name":"X-CS-Signature",\
        "description":"Base64 of HMAC-SHA256 of the body with the secret of the source."}}
        """

    private static func writePaths(into writer: inout JSONWriter) {
        writer.beginObject()
        var written: Set<String> = []
        for endpoint in Endpoint.all where written.insert(endpoint.path).inserted {
            writer.key(endpoint.path)
            writer.beginObject()
            for operation in Endpoint.all where operation.path == endpoint.path {
                writer.key(operation.method.rawValue.lowercased())
                write(operation, into: &writer)
            }
            writer.endObject()
        }
        writer.endObject()
    }

    private static func write(_ endpoint: Endpoint, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("operationId", endpoint.name)
        writer.member("summary", endpoint.summary)
        if !endpoint.details.isEmpty { writer.member("description", endpoint.details) }
        writer.key("security")
        writeSecurity(endpoint.access, into: &writer)
        if !endpoint.parameters.isEmpty {
            writer.key("parameters")
            writer.beginArray()
            for parameter in endpoint.parameters { write(parameter, into: &writer) }
            writer.endArray()
        }
        if let body = endpoint.body {
            writer.key("requestBody")
            writer.beginObject()
            writer.member("description", body.summary)
            writer.member("required", true)
            writeContent(body, into: &writer)
            writer.endObject()
        }
        writer.key("responses")
        writer.beginObject()
        for status in [endpoint.status, endpoint.otherStatus].compactMap({ $0 }) {
            writer.key(String(status))
            writer.beginObject()
            writer.member("description", endpoint.answer.summary)
            writeContent(endpoint.answer, into: &writer)
            writer.endObject()
        }
        // Several problems have one status; each status is described once, with their codes.
        for status in Set(endpoint.problems.map(\.status)).sorted() {
            writer.key(String(status))
            writer.beginObject()
            writer.member("$ref", "#/components/responses/\(status)")
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
    }

    private static func writeSecurity(_ access: Endpoint.Access, into writer: inout JSONWriter) {
        let schemes: [String?] =
            switch access {
            case .administrator: ["administrator"]
            case .source: ["administrator", "signature"]
            case .metrics: ["administrator", nil]
            case .everybody: []
            }
        writer.beginArray()
        for scheme in schemes {
            writer.beginObject()
            if let scheme {
                writer.key(scheme)
                writer.beginArray()
                writer.endArray()
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private static func write(_ parameter: Endpoint.Parameter, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", parameter.name)
        writer.member("in", parameter.place.rawValue)
        writer.member("description", parameter.summary)
        if parameter.isRequired { writer.member("required", true) }
        writer.key("schema")
        writer.beginObject()
        switch parameter.form {
        case .string: writer.member("type", "string")
        case .word:
            writer.member("type", "string")
            writer.member("minLength", 1)
        case .decimal:
            writer.member("type", "string")
            writer.member("pattern", "^[0-9]{1,18}$")
        case .integer(let range, let defaultValue):
            writer.member("type", "integer")
            writer.member("minimum", range.lowerBound)
            writer.member("maximum", range.upperBound)
            writer.member("default", defaultValue)
        case .choice(let choices, let defaultValue):
            writer.member("type", "string")
            writer.key("enum")
            writer.beginArray()
            for choice in choices { writer.string(choice) }
            writer.endArray()
            writer.member("default", defaultValue)
        case .strings:
            writer.member("type", "array")
            writer.key("items")
            writer.raw(#"{"type":"string"}"#.utf8)
        }
        writer.endObject()
        writer.endObject()
    }

    private static func writeContent(_ content: Endpoint.Content, into writer: inout JSONWriter) {
        writer.key("content")
        writer.beginObject()
        for mediaType in content.mediaTypes {
            writer.key(mediaType)
            writer.beginObject()
            if let schema = content.schema {
                writer.key("schema")
                writer.beginObject()
                writer.member("$ref", "#/components/schemas/\(schema)")
                writer.endObject()
            }
            writer.endObject()
        }
        writer.endObject()
    }

    /// A response for each status that a problem has, with the codes that it comes with.
    private static func writeProblems(into writer: inout JSONWriter) {
        writer.beginObject()
        for (status, entries) in Dictionary(grouping: ProblemCode.all, by: \.status).sorted(by: { $0.key < $1.key }) {
            writer.key(String(status))
            writer.beginObject()
            writer.member("description", entries.map { "`\($0.code)`: \($0.title)." }.joined(separator: " "))
            if entries.contains(where: { $0.retryAfter != nil }) {
                writer.key("headers")
                writer.raw(#"{"Retry-After":{"description":"Seconds.","schema":{"type":"integer"}}}"#.utf8)
            }
            writer.key("content")
            writer.beginObject()
            writer.key(Problem.contentType)
            writer.raw(##"{"schema":{"$ref":"#/components/schemas/Problem"}}"##.utf8)
            writer.endObject()
            writer.endObject()
        }
        writer.endObject()
    }
}
