import Martlet
import MartletPipeline

/// A pre-signed URL: what `POST /v2/queues/QUEUE/share` answers, which lets somebody without an account post to one queue.
struct ZaqarSignedURL: Sendable, Hashable {
    static let fields = [
        FieldDescription("signature", .secret, isRequired: true, "The member `signature` of Zaqar's answer."),
        FieldDescription("expires", .string, isRequired: true, "Its `expires`, as `2027-01-01T00:00:00`, in UTC."),
        FieldDescription("methods", .strings, isRequired: true, "Its `methods`, `POST` among them."),
        FieldDescription("paths", .strings, isRequired: true, "Its `paths`, that of the queue's messages among them."),
        FieldDescription("project", .string, isRequired: true, "Its `project`."),
    ]

    let signature: String
    let expiryText: String
    let expiry: Timestamp
    let methods: [String]
    let paths: [String]
    let project: String

    /// - Parameter queue: where it has to lead.
    init(_ settings: ComponentSettings, queue: String) throws(ComponentError) {
        signature = settings.string("signature") ?? ""
        expiryText = settings.string("expires") ?? ""
        methods = settings.strings("methods")
        paths = settings.strings("paths")
        project = settings.string("project") ?? ""
        guard !signature.isEmpty, signature.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ComponentError(field: "signed-url.signature", "is none: take it from Zaqar's answer")
        }
        guard let expiry = Timestamp(expiryText.hasSuffix("Z") ? expiryText : "\(expiryText)Z") else {
            throw ComponentError(field: "signed-url.expires", "is no time such as 2027-01-01T00:00:00")
        }
        self.expiry = expiry
        guard methods.contains("POST") else {
            throw ComponentError(field: "signed-url.methods", "does not have POST: ask for a URL that one may post to")
        }
        let path = "/v2/queues/\(queue)/messages"
        guard paths.contains(path) else {
            throw ComponentError(
                field: "signed-url.paths",
                "does not have \(path), which is where the queue's messages go"
            )
        }
    }

    /// The headers of a request under it (Zaqar's `zaqar/common/urls.py` verifies them).
    var headers: [(name: String, value: String)] {
        [
            ("url-signature", signature), ("url-expires", expiryText),
            ("url-methods", methods.joined(separator: ",")), ("url-paths", paths.joined(separator: ",")),
            ("x-project-id", project),
        ]
    }
}
