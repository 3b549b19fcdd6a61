import Foundation
import MartletJSON
import MartletTransfer

/// One management server, called by itself and not through a balancer.
struct ManagementServer: Sendable, Hashable {
    /// With the path of the API.
    let url: String
    /// For messages: the host and the port.
    let name: String

    /// - Parameter text: `http://ms1:8080`, `https://ms1/client/api`.
    /// - Returns: nil where it is no such URL, or has credentials or a query in it.
    init?(_ text: String) {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        if parts.path.isEmpty || parts.path == "/" { parts.path = "/client/api" }
        guard let url = parts.string else { return nil }
        self.url = url
        name = parts.port.map { "\(host):\($0)" } ?? host
    }

    /// What CloudStack answered to a call.
    enum Answer: Sendable, Hashable {
        /// It did what was asked.
        case done
        /// It refused, with its own code and words.
        case refused(code: Int, text: String)
        /// Something else than CloudStack's API, with the status of HTTP.
        case foreign(status: Int)
    }

    /// - Throws: `TransferError`.
    func call(
        _ request: CloudStackRequest,
        keys: CloudStackKeys,
        certificateAuthority: String?,
        over transfer: HTTPTransfer
    ) async throws -> Answer {
        let response = try await transfer.perform(
            HTTPRequest(
                method: "POST",
                url: url,
                headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
                body: request.form(keys),
                timeout: .seconds(60),
                connectTimeout: .seconds(10),
                certificateAuthority: certificateAuthority
            )
        )
        return Self.answer(response.body, status: response.status)
    }

    /// `{"registersshkeypairresponse":{"errorcode":431,"errortext":"…"}}`
    static func answer(_ body: [UInt8], status: Int) -> Answer {
        guard let root = try? JSONDocument(parsing: body).root else { return .foreign(status: status) }
        for member in root.members where member.key.hasSuffix("response") {
            if let code = member.value["errorcode"]?.integer {
                return .refused(code: Int(clamping: code), text: member.value["errortext"]?.string ?? "")
            }
            return (200..<300).contains(status) ? .done : .foreign(status: status)
        }
        return .foreign(status: status)
    }
}
