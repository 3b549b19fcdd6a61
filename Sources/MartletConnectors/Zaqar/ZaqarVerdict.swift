/// What Zaqar made of one request.
enum ZaqarVerdict: Sendable, Hashable {
    case delivered
    /// Something in the request is not as Zaqar wants it: of several messages one is to blame.
    case refused(String)
    /// None of the messages may go to this queue.
    case rejected(String)
    case retry(String)
    /// - Parameter isAnswered: whether somebody answered, so that another queue may fare better.
    case unavailable(String, retryAfter: Duration? = nil, isAnswered: Bool)
    case gone(String)
}
