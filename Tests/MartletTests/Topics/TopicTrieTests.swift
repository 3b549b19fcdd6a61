import Martlet
import MartletTesting
import Testing

struct TopicTrieTests {
    /// Few words, so that random patterns and topics often meet.
    private static let words = ["a", "b", "A", "", "VirtualMachine", "*"]

    @Test(arguments: 1...20)
    func `a trie finds who a linear search finds, whatever is inserted and removed`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var trie = TopicTrie<Int>(hashSeed: random.next())
        var model: [(pattern: TopicPattern, subscriber: Int)] = []
        for step in 0..<600 {
            if !model.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
                let index = Int.random(in: 0..<model.count, using: &random)
                let (pattern, subscriber) = model.remove(at: index)
                #expect(trie.remove(pattern, subscriber) == true)
            } else {
                let pattern = try Self.pattern(using: &random)
                let subscriber = Int.random(in: 0..<40, using: &random)
                model.append((pattern, subscriber))
                trie.insert(pattern, subscriber)
            }
            #expect(trie.count == model.count)
            guard step % 3 == 0 else { continue }
            let topic = Self.topic(using: &random)
            let expected = Set(model.filter { $0.pattern.matches(topic) }.map(\.subscriber)).sorted()
            #expect(trie.subscribers(to: topic).sorted() == expected, "\(topic)")
        }
    }

    @Test func `removals give memory back, and leave who stays`() throws {
        var trie = TopicTrie<Int>(hashSeed: 7)
        let patterns = try (0..<20_000).map { try TopicPattern("*.*.*.VirtualMachine.\($0)") }
        for (number, pattern) in patterns.enumerated() { trie.insert(pattern, number) }
        let full = trie.memoryInBytes
        for (number, pattern) in patterns.enumerated() where number % 100 != 0 {
            #expect(trie.remove(pattern, number) == true)
        }
        #expect(trie.count == 200)
        #expect(trie.memoryInBytes < full / 5)
        for number in stride(from: 0, to: 20_000, by: 50) {
            let topic = Topic(text: "prod.ActionEvent.VM-START.VirtualMachine.\(number)")
            #expect(trie.subscribers(to: topic) == (number % 100 == 0 ? [number] : []))
        }
    }

    @Test func `the same subscription made twice takes two removals`() throws {
        var trie = TopicTrie<Int>(hashSeed: 7)
        let pattern = try TopicPattern("a.#")
        trie.insert(pattern, 1)
        trie.insert(pattern, 1)
        #expect(trie.subscribers(to: Topic(text: "a")) == [1])
        #expect(trie.remove(pattern, 1) == true)
        #expect(trie.subscribers(to: Topic(text: "a")) == [1])
        #expect(trie.remove(pattern, 1) == true)
        #expect(trie.isEmpty)
        #expect(trie.remove(pattern, 1) == false)
    }

    @Test func `a reused array keeps what it held before`() throws {
        var trie = TopicTrie<Int>(hashSeed: 7)
        trie.insert(.everything, 1)
        var found = [1]
        trie.match(Topic(text: "a"), into: &found)
        #expect(found == [1, 1])
    }

    @Test func `many subscribers of one topic are each found once`() throws {
        var trie = TopicTrie<Int>(hashSeed: 7)
        for subscriber in 0..<1_000 {
            trie.insert(.everything, subscriber)
            trie.insert(try TopicPattern("a.*"), subscriber)
        }
        #expect(trie.subscribers(to: Topic(text: "a.b")).sorted() == Array(0..<1_000))
    }

    @Test func `a copy is a value of its own`() throws {
        var trie = TopicTrie<Int>(hashSeed: 7)
        trie.insert(.everything, 1)
        let copy = trie
        trie.insert(.everything, 2)
        #expect(copy.subscribers(to: Topic(text: "a")) == [1])
    }

    private static func pattern(using random: inout SeededGenerator) throws -> TopicPattern {
        let all = words + ["*", "#", "#"]
        let count = Int.random(in: 1...6, using: &random)
        let text = (0..<count).map { _ in all.randomElement(using: &random) ?? "a" }.joined(separator: ".")
        return try TopicPattern(text.isEmpty ? "a" : text)
    }

    private static func topic(using random: inout SeededGenerator) -> Topic {
        let count = Int.random(in: 1...7, using: &random)
        return Topic(text: (0..<count).map { _ in words.randomElement(using: &random) ?? "a" }.joined(separator: "."))
    }
}
