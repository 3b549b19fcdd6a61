import Martlet
import MartletPipeline
import MartletTransfer

/// What an answer, or its lack, means for the batch: pure. The table stands in `docs/reference/sink-webhook.md`.
struct WebhookResponse {
    let configuration: WebhookConfiguration

    /// How much of an answer a reason quotes, in characters.
    private static let quotedLength = 200

    /// What a status means.
    func outcome(of response: HTTPResponse, now: Timestamp) -> DeliveryOutcome {
        let reason = "The receiver answered \(response.status)"
        switch response.status {
        case 200...299:
            return .delivered
        case 300...399:
            let location = response.headers["location"].flatMap(host(of:)).map { " to \($0)" } ?? ""
            return .retry("\(reason), a redirect\(location): redirects are not followed, so give the final URL.")
        case 410:
            return .gone("\(reason): it wants no more events.")
        case 429, 502, 503, 504:
            let wait = response.headers["retry-after"].flatMap { RetryAfter($0, now: now) }
            return .unavailable("\(reason).", retryAfter: wait?.duration)
        case 400, 413, 415, 422:
            return .reject("\(reason)\(quotation(from: response)).")
        case 401, 403, 404:
            return .retry("\(reason): check the URL, the secret and the headers\(quotation(from: response)).")
        default:
            return .retry("\(reason)\(quotation(from: response)).")
        }
    }

    /// What a request without an answer means.
    func outcome(of error: TransferError) -> DeliveryOutcome {
        switch error.code {
        // Waiting alone will not help: it is an attempt, and the dead letter tells why.
        case .forbiddenAddress, .badURL, .tooLarge: .retry(error.message)
        // It was never sent, and never can be.
        case .badRequest: .reject(error.message)
        default: .unavailable(error.message)
        }
    }

    /// Scheme and host of a URL: its path may be as secret as that of the webhook.
    private func host(of location: String) -> String? {
        let parts = location.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].hasSuffix(":"), parts[1].isEmpty else { return nil }
        let authority = parts[2].prefix { $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        return host.isEmpty ? nil : quotable("\(parts[0])//\(host)")
    }

    private func quotation(from response: HTTPResponse) -> String {
        guard configuration.quotesAnswers, !response.body.isEmpty else { return "" }
        // Enough of it that what is cut off at its end is not quoted, whatever has been hidden before.
        let text = String(decoding: response.body.prefix(64 * Self.quotedLength), as: UTF8.self)
        return ": “\(quotable(text.hiding(configuration.hidden)))”"
    }

    /// One line of a text of the receiver's, bounded.
    private func quotable(_ text: String) -> String { text.onOneLine(atMost: Self.quotedLength) }
}
