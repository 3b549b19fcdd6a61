import Martlet
import MartletPipeline

/// What may have been missed because the queue was not bound to some exchanges.
struct ExchangeGap: Sendable {
    /// Those that had vanished, and since when.
    private var vanished: [String] = []
    private var vanishedSince: [Timestamp?] = []
    /// Those that their services made before the queue was bound.
    private var late: [String] = []
    private var lateSince: [Timestamp?] = []

    mutating func add(_ name: String, since: Timestamp?, wasBound: Bool) {
        if wasBound {
            vanished.append(name)
            vanishedSince.append(since)
        } else {
            late.append(name)
            lateSince.append(since)
        }
    }

    /// - Parameters:
    ///   - now: when the queue was bound.
    ///   - isDraining: whether what the publishers' own queues have kept is read, too.
    func alerts(at now: Timestamp, isDraining: Bool) -> [SourceAlert] {
        let rest = isDraining ? "; what the publishers' own queues have kept of it is read from them" : ""
        var alerts: [SourceAlert] = []
        if !vanished.isEmpty {
            alerts.append(
                alert(vanished, vanishedSince, at: now) { names, since in
                    "\(names) had gone from the broker: what was published \(since) until \(now.inSeconds), when Martlet's queue was bound again, may be missing\(rest)."
                }
            )
        }
        if !late.isEmpty {
            alerts.append(
                alert(late, lateSince, at: now) { names, since in
                    "\(names) came into being before Martlet's queue was bound: what was published \(since) until \(now.inSeconds) may be missing\(rest)."
                }
            )
        }
        return alerts
    }

    private func alert(
        _ names: [String],
        _ times: [Timestamp?],
        at now: Timestamp,
        _ text: (_ names: String, _ since: String) -> String
    ) -> SourceAlert {
        // The earliest, and none where one is not known.
        let since = times.contains(nil) ? nil : times.compactMap { $0 }.min()
        var details = ["exchanges": names.joined(separator: ","), "until": now.description]
        details["since"] = since?.description
        let subject = names.count == 1 ? "The exchange \(names[0])" : "The exchanges \(names.joined(separator: ", "))"
        return SourceAlert(
            .gap,
            text(subject, since.map { "from \($0.inSeconds)" } ?? "since before Martlet was started"),
            details: details
        )
    }
}

extension Timestamp {
    /// As people write it, without fractions of a second.
    fileprivate var inSeconds: Timestamp { Timestamp(seconds: nanoseconds / 1_000_000_000) }
}
