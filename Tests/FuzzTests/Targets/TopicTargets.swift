@testable import Martlet

/// Topics, patterns, and the trie that finds who wants what.
enum TopicTargets {
    static let all = [
        // Patterns, one on each line; the last line is the topic.
        FuzzTarget(name: "topics") { bytes in
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).suffix(65)
                .map { String(decoding: $0, as: UTF8.self) }
            let topic = Topic(text: lines.popLast() ?? "")
            let patterns = lines.compactMap { try? TopicPattern($0) }
            var trie = TopicTrie<Int>(hashSeed: 7)
            for (number, pattern) in patterns.enumerated() { trie.insert(pattern, number) }
            try compare(trie, patterns.enumerated().map { ($0, $1) }, topic)
            for (number, pattern) in patterns.enumerated() where number % 2 == 0 {
                try demand(trie.remove(pattern, number), "a subscription cannot be removed")
            }
            try compare(trie, patterns.enumerated().filter { $0.offset % 2 == 1 }.map { ($0, $1) }, topic)
        }
    ]

    private static func compare(_ trie: TopicTrie<Int>, _ live: [(Int, TopicPattern)], _ topic: Topic) throws {
        let found = trie.subscribers(to: topic)
        let wanted = live.filter { matches($0.1, topic) }.map(\.0)
        try demand(found.sorted() == wanted, "the trie finds \(found.sorted()), and \(wanted) match")
        for (_, pattern) in live {
            try demand(pattern.matches(topic) == matches(pattern, topic), "\(pattern) judges otherwise by itself")
        }
    }

    /// By the definition alone: whether the first so many words of the pattern match the first so many of the topic.
    private static func matches(_ pattern: TopicPattern, _ topic: Topic) -> Bool {
        let words = topic.text.isEmpty ? [] : topic.text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        var row = [true] + [Bool](repeating: false, count: words.count)
        for part in pattern.description.utf8.split(separator: 0x2E, omittingEmptySubsequences: false) {
            var next = [Bool](repeating: false, count: words.count + 1)
            let (isAny, isRest) = (part.elementsEqual("*".utf8), part.elementsEqual("#".utf8))
            for index in next.indices {
                if isRest {
                    next[index] = row[index] || index > 0 && next[index - 1]
                } else if index > 0, row[index - 1] {
                    next[index] = isAny || part.elementsEqual(words[index - 1])
                }
            }
            row = next
        }
        return row[words.count]
    }
}
