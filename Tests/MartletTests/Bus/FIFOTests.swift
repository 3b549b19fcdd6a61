import MartletTesting
import Testing

@testable import Martlet

struct FIFOTests {
    @Test func `a queue behaves as an array from which the first is taken`() {
        var random = SeededGenerator(seed: 11)
        var queue = FIFO<Int>()
        var model: [Int] = []
        for number in 0..<5_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                queue.append(number)
                model.append(number)
            case 5..<9: #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            default:
                guard let victim = model.randomElement(using: &random) else { continue }
                #expect(queue.remove { $0 == victim } == victim)
                model.removeAll { $0 == victim }
            }
            #expect(queue.count == model.count)
        }
        #expect(queue.removeAll() == model)
        #expect(queue.isEmpty)
    }

    @Test func `an element is changed in its place`() {
        var queue = FIFO<Int>()
        for number in 1...3 { queue.append(number) }
        #expect(queue.update(where: { $0 == 2 }, { $0 = 20 }) == true)
        #expect(queue.update(where: { $0 == 2 }, { $0 = 20 }) == false)
        #expect(queue.removeAll() == [1, 20, 3])
    }
}
