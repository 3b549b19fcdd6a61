/// What has become of the broker since the source was last connected to it, as far as its exchanges show.
enum BrokerFate: Sendable, Hashable {
    /// What goes with a restart is still there, or was never made.
    case unchanged
    /// It was started anew: exchanges that are not durable are gone, or have been made anew, and bindings to them are gone.
    case restarted
    /// The durable queue is gone: somebody deleted it, or emptied the broker.
    case emptied
}

/// What to do about one exchange, from what is known of it and what is there; pure.
///
/// Promise 10 is kept here: an exchange that is declared with other flags than its service's has oslo.messaging lose
/// every notification of it. So Martlet declares one only where the operator has said how, or where it was seen and has
/// vanished with a restart, with no sign that somebody has removed it by intention.
enum ExchangeStep: Sendable, Hashable {
    /// It is there: bind the queue.
    case bind
    /// It is not: declare it so, then bind.
    case declare(ExchangeFlags)
    /// It is not, and only its service can know how it is to be.
    case wait

    static func next(
        isThere: Bool,
        known: ExchangeMemory.Exchange?,
        fate: BrokerFate,
        configured: ExchangeFlags?
    ) -> ExchangeStep {
        if isThere { return .bind }
        if let configured { return .declare(configured) }
        if fate == .restarted, let flags = known?.flags, !flags.isDurable { return .declare(flags) }
        return .wait
    }

    /// Whether the queue's binding to an exchange may have been gone for a while, although nobody saw it.
    static func losesBinding(isThere: Bool, known: ExchangeMemory.Exchange, fate: BrokerFate) -> Bool {
        guard case .bound = known.binding else { return false }
        if !isThere || fate == .emptied { return true }
        // The exchange may have been made anew by its service, before the source came.
        return fate == .restarted && known.flags?.isDurable != true
    }
}
