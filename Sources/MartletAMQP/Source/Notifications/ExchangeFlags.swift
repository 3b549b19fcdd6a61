/// How an exchange was declared. Whoever declares it with others is refused, and oslo.messaging then loses the notification.
struct ExchangeFlags: Sendable, Hashable {
    /// Whether it outlives the broker's restart.
    var isDurable = false
    /// Whether it goes with the last queue that was bound to it.
    var isAutoDelete = false
}

extension AMQPSession {
    /// How an exchange of the type topic that is there was declared; `nil` where the broker does not say it to this user.
    ///
    /// - Parameter guess: what is tried first, because the broker logs each refusal as an error.
    func flags(ofExchange name: String, guess: ExchangeFlags?) async throws(AMQPError) -> ExchangeFlags? {
        var guess = guess ?? ExchangeFlags()
        // The broker names the first argument that is wrong: there are two.
        for _ in 0...2 {
            do throws(AMQPError) {
                try await declareExchange(name, isDurable: guess.isDurable, isAutoDelete: guess.isAutoDelete)
                return guess
            } catch {
                switch error.code {
                case .inequivalent where error.what.contains("'durable'"): guess.isDurable.toggle()
                case .inequivalent where error.what.contains("'auto_delete'"): guess.isAutoDelete.toggle()
                case .inequivalent, .accessRefused: return nil
                default: throw error
                }
            }
        }
        return nil
    }
}
