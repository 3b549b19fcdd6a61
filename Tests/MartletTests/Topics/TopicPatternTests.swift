import Martlet
import Testing

struct TopicPatternTests {
    @Test(arguments: [
        ("#", "a.b.c", true), ("#", "a", true), ("#", "", true), ("*", "", false), ("*", "a", true),
        ("*", "a.b", false),
        ("a.*.c", "a.b.c", true), ("a.*.c", "a.b.d.c", false), ("a.#.c", "a.c", true), ("a.#.c", "a.b.d.c", true),
        ("a.#.c", "a.b.c.d", false), ("#.c", "c", true), ("#.c", "a.c.b.c", true), ("#.c", "a.c.b", false),
        ("a.#", "a", true), ("a.#", "ab", false), ("a", "A", false), ("#.#", "", true), ("#.*", "", false),
        ("#.*.#", "a", true), ("*.#.*", "a", false), ("*.#.*", "a.b", true), ("#.a.#.a", "a.b.a", true),
        ("#.a.#.a", "a.b", false), ("a..c", "a..c", true), ("a..c", "a.b.c", false), ("a.*.c", "a..c", true),
        ("a.", "a.", true), ("a.", "a", false), ("a.*", "a.*", true), ("a.#", "a.*", true), ("a.b", "a.*", false),
        ("a:b", "a:b", true), ("a:b", "a.b", false),
        ("*.*.*.VirtualMachine.#", "prod.ActionEvent.VM-START.VirtualMachine.9c3d", true),
        ("*.UsageEvent.#", "prod.ActionEvent.VM-START.VirtualMachine.9c3d", false),
        ("große.*", "große.straße", true), ("große.*", "grosse.straße", false),
    ])
    func `a pattern matches as AMQP's topic exchanges match`(_ text: String, _ topic: String, _ isMatch: Bool) throws {
        let pattern = try TopicPattern(text)
        #expect(pattern.matches(Topic(text: topic)) == isMatch)
        var trie = TopicTrie<Int>(hashSeed: 1)
        trie.insert(pattern, 1)
        #expect(trie.subscribers(to: Topic(text: topic)) == (isMatch ? [1] : []))
    }

    @Test(
        arguments: [
            ("", TopicPatternError.Code.empty, nil), ("a.b*", .wildcardWithinWord, 2),
            ("a.b.##", .wildcardWithinWord, 3),
            ("*#", .wildcardWithinWord, 1), ("*:ActionEvent:#", .wildcardWithinWord, 1),
            (String(repeating: "ab.", count: 90), .tooLong, nil),
        ] as [(String, TopicPatternError.Code, Int?)]
    )
    func `a wrong pattern is refused with the place and a remedy`(
        _ text: String,
        _ code: TopicPatternError.Code,
        _ place: Int?
    ) throws {
        let error = try #require(throws: TopicPatternError.self) { try TopicPattern(text) }
        #expect(error.code == code)
        #expect(error.place == place)
        #expect(error.description.contains(error.remedy))
    }

    @Test func `an error reads as one sentence`() throws {
        let error = try #require(throws: TopicPatternError.self) { try TopicPattern("*.VM*.#") }
        #expect(
            error.description == """
                topic pattern "*.VM*.#", word 2: "VM*" mixes a wildcard with other characters; write "*" for exactly one \
                word, "#" for any number of words, or the whole word
                """
        )
    }

    @Test func `an exact pattern matches its topic alone`() throws {
        let pattern = try #require(TopicPattern(exactly: Topic(text: "a.b.c")))
        #expect(pattern.matches(Topic(text: "a.b.c")))
        #expect(!pattern.matches(Topic(text: "a.b.d")))
        #expect(TopicPattern(exactly: Topic(source: "a", category: "b", type: "c", resource: nil, id: nil)) == nil)
    }

    @Test func `many wildcards against a long topic end soon`() throws {
        let pattern = try TopicPattern(String(repeating: "#.a.", count: 60) + "b")
        let topic = Topic(text: Array(repeating: "a", count: 2_000).joined(separator: "."))
        #expect(!pattern.matches(topic))
        var trie = TopicTrie<Int>(hashSeed: 1)
        trie.insert(pattern, 1)
        #expect(trie.subscribers(to: topic).isEmpty)
        #expect(trie.subscribers(to: Topic(text: topic.text + ".b")) == [1])
    }
}
