import Martlet
import MartletJSON
import MartletPipeline
import MartletTransfer

/// What an answer of a service means: pure.
struct OpenStackAnswer {
    let service: OpenStackService
    /// What was asked for, as `servers/7c1a…`.
    let path: String

    /// The content of an answer.
    func content(of response: HTTPResponse, now: Timestamp) throws(OpenStackError) -> JSONValue {
        guard (200...299).contains(response.status) else { throw refusal(response, now: now) }
        guard let document = try? JSONDocument(parsing: response.body), document.root.kind == .object else {
            throw malformed
        }
        return document.root
    }

    /// The answer has not the member that it should have.
    var malformed: OpenStackError {
        OpenStackError(
            .malformed,
            "What answered GET \(path) is not OpenStack's \(service.rawValue) service, or its answer breaks off: check its "
                + "endpoint in Keystone's catalogue."
        )
    }

    /// What a request without an answer means.
    func error(_ error: TransferError) -> OpenStackError { OpenStackError(.unreachable, error.message) }

    private func refusal(_ response: HTTPResponse, now: Timestamp) -> OpenStackError {
        let what = "The \(service.rawValue) service answered \(response.status) to GET \(path)"
        let retryAfter = response.headers["retry-after"].flatMap { RetryAfter($0, now: now) }?.duration
        switch response.status {
        case 400: return OpenStackError(.invalid, "\(what).")
        case 401:
            return OpenStackError(
                .unauthorized,
                "\(what): it does not take Keystone's tokens; check its [keystone_authtoken] and the clocks."
            )
        case 403:
            return OpenStackError(.notPermitted, "\(what): give the user a role that may read it, as reader or admin.")
        case 404, 410: return OpenStackError(.unknown, "\(what).")
        case 300...399:
            return OpenStackError(
                .failed,
                "\(what), which is not followed: check its endpoint in Keystone's catalogue."
            )
        // Nova says 413 where it limits rates.
        case 413, 429, 502, 503, 504: return OpenStackError(.unavailable, "\(what).", retryAfter: retryAfter)
        default: return OpenStackError(.failed, "\(what).", retryAfter: retryAfter)
        }
    }
}
