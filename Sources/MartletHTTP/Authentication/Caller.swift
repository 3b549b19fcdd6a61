import MartletClient
import MartletPipeline

/// Who asks.
enum Caller: Sendable {
    case administrator
    case reader(HTTPInterface.Reader)

    /// What everything that is answered passes.
    var gate: Gate {
        switch self {
        case .administrator: Gate(.none)
        case .reader(let reader): reader.gate
        }
    }

    /// Whether all may be seen.
    var seesAll: Bool { gate.protection.isEmpty }

    /// Refuses a question about what may not be seen: whatever the answer were, it would tell.
    ///
    /// - Parameters:
    ///   - attributes: what the question names, each by the parameter of its name.
    func requireMayAsk(for attributes: some Sequence<String>) throws(Problem) {
        for name in attributes.sorted() where !gate.protection.allowsQuery(by: name) {
            throw Problem(
                .forbidden,
                "\"\(name)\" is hidden from you, in all events or in some; what is hidden cannot be asked for either.",
                parameter: name
            )
        }
    }

    /// Refuses the form that shows bytes as they came.
    func requireMaySee(_ form: BodyForm) throws(Problem) {
        guard form == .original, !seesAll else { return }
        throw Problem(
            .forbidden,
            "The original bytes would hold what is hidden from you; ask for \"event\" or \"enriched\".",
            parameter: "body"
        )
    }
}
