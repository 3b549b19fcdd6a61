import Martlet
package import MartletJSON
import MartletPipeline
import MartletTransfer

/// What a list command has answered.
package struct CloudStackList: Sendable {
    package var resources: [JSONValue]
    /// How many there are: the whole number in some answers, and the page's in others.
    package var count: Int?
}

/// What an answer of CloudStack's API means: pure.
///
/// It is an object with one member, `listusersresponse`, that holds the list, or `errorcode` and `errortext`; the status of
/// an error is its code (`ApiErrorCode` in CloudStack's source).
struct CloudStackAnswer {
    let command: CloudStackListCommand
    let keys: CloudStackKeys

    /// How much of an error's text a message quotes, in characters.
    private static let quotedLength = 300

    /// The list in an answer.
    func list(in response: HTTPResponse, now: Timestamp) throws(CloudStackError) -> CloudStackList {
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
        return CloudStackList(
            resources: content[command.member].map { Array($0.elements) } ?? [],
            count: content["count"]?.integer.flatMap(Int.init(exactly:))
        )
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
        case 430...431:
            return CloudStackError(.invalid, message, pageSizeLimit: Self.pageSizeLimit(in: text))
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
        number(behind: "retry after", in: text).map { .milliseconds(min($0, 3_600_000)) }
    }

    /// `Page size can not exceed max allowed page size value: 500`, which is the setting `default.page.size`.
    private static func pageSizeLimit(in text: String?) -> Int? {
        guard text?.lowercased().contains("page size") == true else { return nil }
        return number(behind: "value", in: text).flatMap { Int(exactly: $0) }
    }

    private static func number(behind words: String, in text: String?) -> Int64? {
        guard let text, let start = text.firstRange(of: words)?.upperBound else { return nil }
        return Int64(text[start...].drop { !("0"..."9").contains($0) }.prefix { ("0"..."9").contains($0) })
    }

    private func quotation(of text: String?) -> String {
        guard let text, !text.isEmpty, !keys.areQuoted(in: text) else { return "" }
        return ": “\(text.onOneLine(atMost: Self.quotedLength))”"
    }
}
