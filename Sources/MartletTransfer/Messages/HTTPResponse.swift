/// A whole answer.
package struct HTTPResponse: Sendable, Hashable {
    /// The status code, 200 to 599.
    package let status: Int
    /// The fields of its head.
    package let headers: HTTPHeaders
    /// Its content, as it came: nothing is decompressed.
    package let body: [UInt8]
}

/// An answer's head, known before its content.
struct HTTPResponseHead: Sendable {
    let status: Int
    let headers: HTTPHeaders
}
