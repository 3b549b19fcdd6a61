import MartletPipeline

/// What the broker's answers mean: pure.
///
/// Of a batch everything behind the first failure counts as untried, even where the broker has confirmed it: it is sent
/// again behind the one that failed, so that the order within a resource holds, repetitions disregarded.
struct AMQPSinkResponse: Sendable {
    let unroutable: AMQPSinkConfiguration.Unroutable
    /// As it stands in reasons.
    let exchange: String

    func outcomes(of answers: [AMQPOutcome]) -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        outcomes.reserveCapacity(answers.count)
        var hasFailed = false
        for answer in answers {
            let outcome = hasFailed ? .untried : outcome(of: answer, isAlone: answers.count == 1)
            switch outcome {
            // What is rejected is concluded: nothing waits behind it.
            case .delivered, .reject: break
            default: hasFailed = true
            }
            outcomes.append(outcome)
        }
        return outcomes
    }

    /// - Parameter isAlone: whether nothing else was on its way: a refusal, which closes the channel, is about this message then.
    private func outcome(of answer: AMQPOutcome, isAlone: Bool) -> DeliveryOutcome {
        switch answer {
        case .confirmed: .delivered
        case .nacked: .retry("The broker could not take the message: a queue behind \(place) is full or has failed.")
        case .returned(let words): returned(words)
        case .lost(let error) where isAlone && error.code == .precondition,
            .unsent(let error) where isAlone && error.code == .precondition:
            .reject(error.sentence)
        case .lost(let error), .unsent(let error): .unavailable(error.sentence)
        }
    }

    private func returned(_ words: String) -> DeliveryOutcome {
        let reason = "No queue behind \(place) takes the routing key (\(words)): bind one, or set unroutable to drop."
        return switch unroutable {
        // The broker returns only what was marked as mandatory; a message dropped is what was asked for.
        case .drop: .delivered
        case .deadLetter: .reject(reason)
        case .retry: .retry(reason)
        }
    }

    private var place: String { exchange.isEmpty ? "the default exchange" : "the exchange “\(exchange)”" }
}

extension AMQPError {
    /// The description as a sentence.
    var sentence: String { description.prefix(1).uppercased() + description.dropFirst() + "." }
}
