import MartletJSON
import MartletTransfer

/// A client of a server's API, version 1.
///
/// It waits and retries nothing by itself: what a failure means is the caller's decision.
package struct APIClient: Sendable {
    /// `http://host:port`, with the path of a proxy where there is one, without a slash at the end.
    package let address: String
    private let token: String?
    private let transfer: HTTPTransfer

    /// How long an answer may take beyond what a long poll waits.
    private static let patience = Duration.seconds(30)
    /// A page of a thousand events, each as large as one may be, is cut by the server before this.
    private static let maximumResponseBytes = 256 << 20

    /// - Parameters:
    ///   - address: where the server is, an absolute `http` or `https` URL.
    ///   - token: the admin token; nil to go without.
    ///   - version: ours, for the `User-Agent`.
    package init(address: String, token: String?, version: String) throws(ClientError) {
        var address = address
        while address.hasSuffix("/") { address.removeLast() }
        self.address = address
        self.token = token
        do {
            transfer = try HTTPTransfer(maximumConnections: 4, userAgent: "martlet/\(version)")
        } catch {
            throw ClientError(error, address: address)
        }
    }

    /// Sends a request and reads the JSON of its answer.
    ///
    /// - Parameter wait: how long the server was asked to hold the request.
    func send(
        _ method: String,
        _ path: APIPath,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        wait: Duration = .zero
    ) async throws(ClientError) -> JSONValue {
        var headers = headers
        headers.append((name: "Accept", value: "application/json"))
        if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        let response: HTTPResponse
        do {
            response = try await transfer.perform(
                HTTPRequest(
                    method: method,
                    url: address + path.description,
                    headers: headers,
                    body: body,
                    timeout: wait + Self.patience,
                    maximumResponseBytes: Self.maximumResponseBytes
                )
            )
        } catch {
            throw ClientError(error, address: address)
        }
        guard (200...299).contains(response.status) else { throw ClientError(response: response) }
        do {
            return try JSONDocument(parsing: response.body).root
        } catch {
            throw .unreadable("it is no JSON (\(error))")
        }
    }

    func get(_ path: APIPath, wait: Duration = .zero) async throws(ClientError) -> JSONValue {
        try await send("GET", path, wait: wait)
    }

    func post(_ path: APIPath, json body: [UInt8] = Array("{}".utf8)) async throws(ClientError) -> JSONValue {
        try await send("POST", path, headers: [(name: "Content-Type", value: "application/json")], body: body)
    }
}
