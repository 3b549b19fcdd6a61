import Martlet
import Testing

@testable import MartletPipeline

@Suite struct RemovedEventsTests {
    @Test func `what is missing is told once, as far as the cursor has come`() {
        var removed = RemovedEvents()
        removed.note(after: .zero, before: Position(rawValue: 1))
        removed.note(after: Position(rawValue: 3), before: Position(rawValue: 8))
        removed.note(after: Position(rawValue: 10), before: Position(rawValue: 12))
        let counts = [3, 5, 5, 10, 11, 20].map { removed.take(through: Position(rawValue: $0)) }
        #expect(counts == [0, 2, 0, 2, 1, 0])
    }
}
