import Martlet
import MartletJSON
import MartletKeystone
import MartletPipeline
import MartletTransfer

/// What Zaqar's answer, or its lack, means: pure. The table stands in `docs/reference/sink-zaqar.md`.
struct ZaqarResponse {
    let isSigned: Bool

    /// How much of an answer a reason quotes, in characters.
    private static let quotedLength = 200

    /// - Parameter accepted: the statuses that mean yes to this request.
    func verdict(
        of response: HTTPResponse,
        accepting accepted: Set<Int>,
        hiding secrets: [String],
        now: Timestamp
    ) -> ZaqarVerdict {
        let reason = "Zaqar answered \(response.status)\(quotation(from: response, hiding: secrets))"
        switch response.status {
        case _ where accepted.contains(response.status):
            return .delivered
        case 200...299:
            // Whatever says yes to everything is no Zaqar, and would take everything to nowhere.
            return .unavailable("\(reason), and should answer 201: check that the url is Zaqar's.", isAnswered: true)
        case 300...399:
            return .unavailable("\(reason): redirects are not followed, so give the final url.", isAnswered: true)
        // 413 is a proxy's before Zaqar.
        case 400, 413:
            return .refused("\(reason).")
        case 401:
            return .unavailable(
                "\(reason): check keystone, and the roles of its user in the project.",
                isAnswered: true
            )
        case 403:
            return .rejected("\(reason): posting to this queue is not allowed.")
        case 404 where isSigned:
            return .gone("\(reason): the signed URL has expired, or is not this queue's; ask for another one.")
        case 404:
            return .unavailable("\(reason): check the url, and that Zaqar speaks v2 there.", isAnswered: true)
        // Zaqar answers 500 as well as 503 when its storage is away.
        case 429, 500...599:
            let wait = response.headers["retry-after"].flatMap { RetryAfter($0, now: now) }
            return .unavailable("\(reason).", retryAfter: wait?.duration, isAnswered: true)
        default:
            return .retry("\(reason).")
        }
    }

    /// What a request without an answer means. Whether Zaqar has stored the messages is not known then: they go again,
    /// with the same keys.
    func verdict(of error: TransferError) -> ZaqarVerdict { .unavailable(error.message, isAnswered: false) }

    func verdict(of error: KeystoneError, now: Timestamp) -> ZaqarVerdict {
        let wait = error.retryAfter.flatMap { RetryAfter($0, now: now) }
        return .unavailable(error.message, retryAfter: wait?.duration, isAnswered: false)
    }

    /// Zaqar's errors are an object of a title and a description.
    private func quotation(from response: HTTPResponse, hiding secrets: [String]) -> String {
        guard response.status >= 400, !response.body.isEmpty else { return "" }
        var text = String(decoding: response.body.prefix(4 * Self.quotedLength), as: UTF8.self)
        if let root = try? JSONDocument(parsing: response.body).root,
            let title = root["title"]?.string
        {
            text = root["description"]?.string.map { "\(title): \($0)" } ?? title
        }
        text = text.hiding(secrets)
        while text.last == "." { text.removeLast() }
        return ": “\(text.onOneLine(atMost: Self.quotedLength))”"
    }
}
