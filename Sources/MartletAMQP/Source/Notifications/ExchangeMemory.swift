import Martlet

/// What is known of the services' exchanges, as the store keeps it; pure.
///
/// As text: `*` where the mark has been made, then `nova:t:u:1763740000` for each exchange: its name, percent-encoded; `t` for
/// one that goes with the broker's restart, `d` for a durable one, `a` behind it for one that is deleted automatically, `?`
/// where it is not known; `b` for bound, `u` for unbound and `n` for never bound, and for these since when, in seconds.
struct ExchangeMemory: Sendable, Hashable {
    struct Exchange: Sendable, Hashable {
        var flags: ExchangeFlags?
        var binding: Binding
        /// Whether the queue was ever bound to it.
        var wasBound = false
    }

    enum Binding: Sendable, Hashable {
        /// What is published comes to the queue.
        case bound
        /// What was published since then may not have; `nil` where the moment is not known.
        case unbound(since: Timestamp?)
    }

    static let checkpointKey = "exchanges"

    var exchanges: [String: Exchange] = [:]
    /// Whether there is the exchange that vanishes with the others when the broker is started anew.
    var hasMark = false

    init() {}

    /// Reads a checkpoint; what cannot be read is passed over.
    ///
    /// - Parameter names: the exchanges that matter.
    init(_ text: String, keeping names: [String]) {
        for word in text.split(separator: " ") {
            if word == "*" { hasMark = true }
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, let name = names.first(where: { AMQPAddress.encode($0) == parts[0] }) else {
                continue
            }
            let time = Int64(parts[3]).map { Timestamp(seconds: $0) }
            switch parts[2] {
            case "b":
                exchanges[name] = Exchange(flags: Self.flags(parts[1]), binding: .bound, wasBound: true)
            case "u", "n":
                let flags = Self.flags(parts[1])
                exchanges[name] = Exchange(flags: flags, binding: .unbound(since: time), wasBound: parts[2] == "u")
            default: continue
            }
        }
    }

    var text: String {
        let words = exchanges.sorted { $0.key < $1.key }.map { name, exchange in
            let (state, time): (String, Timestamp?) =
                switch exchange.binding {
                case .bound: ("b", nil)
                case .unbound(let since): (exchange.wasBound ? "u" : "n", since)
                }
            let seconds = time.map { "\($0.nanoseconds / 1_000_000_000)" } ?? ""
            return "\(AMQPAddress.encode(name)):\(Self.letters(exchange.flags)):\(state):\(seconds)"
        }
        return ((hasMark ? ["*"] : []) + words).joined(separator: " ")
    }

    private static func letters(_ flags: ExchangeFlags?) -> String {
        guard let flags else { return "?" }
        return (flags.isDurable ? "d" : "t") + (flags.isAutoDelete ? "a" : "")
    }

    private static func flags(_ letters: Substring) -> ExchangeFlags? {
        guard let first = letters.first, first != "?" else { return nil }
        return ExchangeFlags(isDurable: first == "d", isAutoDelete: letters.hasSuffix("a"))
    }
}
