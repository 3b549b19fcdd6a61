import MartletTransfer

/// What is sent to Zaqar: pure.
struct ZaqarRequest {
    let configuration: ZaqarConfiguration

    /// Where a request goes, and what proves that it may.
    struct Access: Sendable {
        /// What stands before `/v2`.
        var url: String
        var headers: [(name: String, value: String)]
        /// Texts that are to stand in no reason.
        var secrets: [String]
    }

    /// Messages for a queue.
    func post(_ body: [UInt8], to queue: String, _ access: Access) -> HTTPRequest {
        request("POST", "queues/\(queue)/messages", body, access)
    }

    /// A queue's metadata, which makes it where it is not there.
    func put(_ metadata: [UInt8], of queue: String, _ access: Access) -> HTTPRequest {
        request("PUT", "queues/\(queue)", metadata, access)
    }

    private func request(_ method: String, _ path: String, _ body: [UInt8], _ access: Access) -> HTTPRequest {
        HTTPRequest(
            method: method,
            url: "\(access.url)/v2/\(path)",
            headers: [
                ("content-type", "application/json"), ("accept", "application/json"),
                ("client-id", configuration.clientID),
            ] + access.headers,
            body: body,
            timeout: configuration.timeout,
            connectTimeout: configuration.connectTimeout,
            certificateAuthority: configuration.certificateAuthority
        )
    }
}
