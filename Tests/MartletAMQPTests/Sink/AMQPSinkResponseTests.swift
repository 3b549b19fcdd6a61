import MartletPipeline
import Testing

@testable import MartletAMQP

@Suite struct AMQPSinkResponseTests {
    private let lost = AMQPError(.lost, "the connection broke", at: "amqp://mq/", remedy: "look at the broker")
    private let tooLarge = AMQPError(.precondition, "the message is too large", at: "amqp://mq/", remedy: "send less")

    private func names(_ answers: [AMQPOutcome], _ unroutable: AMQPSinkConfiguration.Unroutable = .drop) -> [String] {
        AMQPSinkResponse(unroutable: unroutable, exchange: "x").outcomes(of: answers).map(\.name)
    }

    @Test func `everything behind a failure is untried, whatever became of it`() {
        #expect(names([.confirmed, .nacked, .confirmed]) == ["delivered", "retry", "untried"])
        #expect(names([.lost(lost), .confirmed]) == ["unavailable", "untried"])
        #expect(names([.confirmed, .unsent(lost), .unsent(lost)]) == ["delivered", "unavailable", "untried"])
    }

    @Test func `what no queue takes is as the settings say, and only an attempt to come holds up others`() {
        #expect(names([.returned("NO_ROUTE"), .confirmed], .drop) == ["delivered", "delivered"])
        #expect(names([.returned("NO_ROUTE"), .confirmed], .deadLetter) == ["reject", "delivered"])
        #expect(names([.returned("NO_ROUTE"), .confirmed], .retry) == ["retry", "untried"])
    }

    @Test func `a message is rejected only where it was alone`() {
        #expect(names([.lost(tooLarge)]) == ["reject"])
        #expect(names([.lost(tooLarge), .lost(tooLarge)]) == ["unavailable", "untried"])
    }

    @Test func `a reason is a sentence that says what, where and what to do`() {
        let outcomes = AMQPSinkResponse(unroutable: .drop, exchange: "x").outcomes(of: [.lost(lost)])
        #expect(outcomes.first?.reason == "The connection broke (amqp://mq/): look at the broker.")
    }
}
