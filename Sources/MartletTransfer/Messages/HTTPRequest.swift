/// One HTTP request and the bounds it is held to.
///
/// Redirects are never followed and proxies of the environment never used.
package struct HTTPRequest: Sendable {
    /// The method in capitals, as `POST`.
    package var method: String
    /// An absolute `http` or `https` URL.
    package var url: String
    /// Fields to send, in order. Fields that frame the message (`Content-Length`, `Transfer-Encoding`, `Connection`, `Expect`) are
    /// the client's own business and refused.
    package var headers: [(name: String, value: String)]
    /// The content; `POST`, `PUT` and `PATCH` send `Content-Length: 0` when it is empty.
    package var body: [UInt8]
    /// How long it may take from the call to the last byte of the answer; for a stream, to the answer's head. Waiting for a free
    /// connection counts, and is looked at twice a second.
    package var timeout: Duration
    /// How long a connection may take to open, TLS included.
    package var connectTimeout: Duration
    /// Where it may connect to.
    package var networks: NetworkPolicy
    /// The most bytes of content that an answer may have; a stream has no such bound.
    package var maximumResponseBytes: Int
    /// A file of PEM certificates to verify the server by, instead of the system's.
    package var certificateAuthority: String?

    /// A request with the defaults for a webhook: 15 seconds in all, 5 to connect, 1 MiB of answer.
    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(15),
        connectTimeout: Duration = .seconds(5),
        networks: NetworkPolicy = .unrestricted,
        maximumResponseBytes: Int = 1 << 20,
        certificateAuthority: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.networks = networks
        self.maximumResponseBytes = maximumResponseBytes
        self.certificateAuthority = certificateAuthority
    }
}
