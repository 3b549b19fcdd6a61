import Martlet
import MartletJSON
import MartletPipeline
import MartletTransfer

/// What an answer of CloudStack's API means: pure.
///
/// It is an object with one member, `listusersresponse`, that holds the list, or `errorcode` and `errortext`; the status of
/// an error is its code (`ApiErrorCode` in CloudStack's source).
struct CloudStackAnswer {
    let command: CloudStackListCommand
    let keys: CloudStackKeys

    /// How much of an error's text a message quotes, in characters.
    private static let quotedLength = 300

    /// The resources in an answer.
    func resources(in response: HTTPResponse, now: Timestamp) throws(CloudStackError) -> [JSONValue] {
        let content = content(of: response)
        if let code = content?["errorcode"]?.integer ?? failure(response.status) {
            throw error(code, content?["errortext"]?.string, response, now: now)
        }
        guard let content else {
            throw CloudStackError(
                .malformed,
                "What answered \(command.name) is not CloudStack's API, or its answer breaks off: check endpoint, which "
                    + "ends with /client/api as a rule."
            )
        }
        // An empty list is left out.
        return content[command.member].map { Array($0.elements) } ?? []
    }

    /// What a request without an answer means.
    func error(_ error: TransferError) -> CloudStackError { CloudStackError(.unreachable, error.message) }

    private func content(of response: HTTPResponse) -> JSONValue? {
        guard let root = try? JSONDocument(parsing: response.body).root else { return nil }
        return root.members.first { $0.key.hasSuffix("response") && $0.value.kind == .object }?.value
    }

    private func failure(_ status: Int) -> Int64? { (200...299).contains(status) ? nil : Int64(status) }

    private func error(_ code: Int64, _ text: String?, _ response: HTTPResponse, now: Timestamp) -> CloudStackError {
        let answered = "CloudStack answered \(code) to \(command.name)"
        let message = "\(answered)\(quotation(of: text))."
        let retryAfter = response.headers["retry-after"].flatMap { RetryAfter($0, now: now) }?.duration
        switch code {
        case 401 where text?.contains("not available") == true:
            return notPermitted(message)
        case 432, 531:
            return notPermitted(message)
        case 401:
            return CloudStackError(
                .unauthorized,
                "\(message) Check api-key and secret-key, that their user is enabled, and this machine's clock."
            )
        case 430...431 where text?.contains("entity does not exist") == true:
            return CloudStackError(.unknown, message)
        case 429:
            return CloudStackError(.throttled, message, retryAfter: retryAfter ?? Self.wait(in: text))
        case 300...399:
            return CloudStackError(.failed, "\(answered), a redirect, which is not followed: check endpoint.")
        case 404 where text == nil:
            return CloudStackError(
                .failed,
                "\(answered): check endpoint, which ends with /client/api as a rule."
            )
        default:
            return CloudStackError(.failed, message, retryAfter: retryAfter)
        }
    }

    private func notPermitted(_ message: String) -> CloudStackError {
        CloudStackError(.notPermitted, "\(message) The keys' role has to allow it.")
    }

    /// `… api limit, please retry after 7301 ms.`, or `[7301] ms`.
    private static func wait(in text: String?) -> Duration? {
        guard let text, let start = text.firstRange(of: "retry after")?.upperBound else { return nil }
        let digits = text[start...].drop { !$0.isNumber }.prefix { $0.isNumber }
        return Int64(digits).map { .milliseconds(min($0, 3_600_000)) }
    }

    private func quotation(of text: String?) -> String {
        guard let text, !text.isEmpty, !keys.areQuoted(in: text) else { return "" }
        return ": “\(text.onOneLine(atMost: Self.quotedLength))”"
    }
}
