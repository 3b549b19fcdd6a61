/// The nodes of a ``TopicTrie``: one flat array, the exact children of all nodes in one hash table.
///
/// A node is a prefix of patterns, and is told by its number; node 0 is the root, and a parent's number is smaller than
/// its children's. Each slot of the table holds a child's number and 32 bits of hash, so that a look-up which fails
/// touches one cache line, and one which succeeds two more: the node and its word.
@usableFromInline
struct TopicNodes: Sendable {
    /// Stands for no node and no list.
    @inlinable static var none: UInt32 { .max }

    private var nodes = [Node(parent: TopicNodes.none)]
    private var slots: [Slot]
    private var usedSlots = 0
    private var words: [UInt8] = []
    private let hash: TopicHash

    private struct Node: Sendable {
        var parent: UInt32
        /// Where its word lies in `words`.
        var wordStart: UInt32 = 0
        /// The child for `*`.
        var any = TopicNodes.none
        /// The child for `#`.
        var rest = TopicNodes.none
        /// The head of the list of subscribers.
        var list = TopicNodes.none
        var wordLength: UInt8 = 0
        var kind = Kind.exact
        /// Whether one of its ancestors stands for `#`, so that one topic can come here by several ways.
        var isBelowRest = false
        var hasExactChildren = false

        var isLeaf: Bool { any == TopicNodes.none && rest == TopicNodes.none && !hasExactChildren }
    }

    private enum Kind: UInt8, Sendable { case exact, any, rest }

    /// Child 0, the root, which is nobody's child, marks an empty slot.
    private struct Slot: Sendable {
        var tag: UInt32 = 0
        var child: UInt32 = 0
    }

    init(seed: UInt64) {
        hash = TopicHash(seed: seed)
        slots = Array(repeating: Slot(), count: 16)
    }

    var memoryInBytes: Int {
        nodes.capacity * MemoryLayout<Node>.stride + slots.capacity * MemoryLayout<Slot>.stride + words.capacity
    }

    // MARK: Patterns

    func list(of node: UInt32) -> UInt32 { nodes[Int(node)].list }

    mutating func setList(of node: UInt32, to head: UInt32) { nodes[Int(node)].list = head }

    /// The node of a pattern; `nil` where there is none.
    func find(_ pattern: TopicPattern) -> UInt32? {
        var text = pattern.description
        return text.withUTF8 { bytes in
            var node: UInt32 = 0
            let words = TopicWords(bytes)
            var offset = words.start
            while !words.isEnd(offset) {
                let word = words.word(at: offset)
                offset = words.after(word)
                let child: UInt32
                switch TopicNodes.kind(of: word, in: bytes) {
                case .any: child = nodes[Int(node)].any
                case .rest: child = nodes[Int(node)].rest
                case .exact: child = self.child(of: node, word: words.text(of: word))
                }
                if child == TopicNodes.none { return nil }
                node = child
            }
            return node
        }
    }

    /// The node of a pattern, made where there is none.
    mutating func insert(_ pattern: TopicPattern) -> UInt32 {
        var text = pattern.description
        return text.withUTF8 { bytes in
            var node: UInt32 = 0
            let words = TopicWords(bytes)
            var offset = words.start
            while !words.isEnd(offset) {
                let word = words.word(at: offset)
                offset = words.after(word)
                switch TopicNodes.kind(of: word, in: bytes) {
                case .any:
                    if nodes[Int(node)].any == TopicNodes.none { nodes[Int(node)].any = add(.any, below: node) }
                    node = nodes[Int(node)].any
                case .rest:
                    if nodes[Int(node)].rest == TopicNodes.none { nodes[Int(node)].rest = add(.rest, below: node) }
                    node = nodes[Int(node)].rest
                case .exact:
                    let text = words.text(of: word)
                    let child = child(of: node, word: text)
                    node = child == TopicNodes.none ? addExact(text, below: node) : child
                }
            }
            return node
        }
    }

    private static func kind(of word: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Kind {
        guard word.count == 1 else { return .exact }
        return switch bytes[word.lowerBound] {
        case 0x2A: .any
        case 0x23: .rest
        default: .exact
        }
    }

    private mutating func add(_ kind: Kind, below parent: UInt32) -> UInt32 {
        var node = Node(parent: parent)
        node.kind = kind
        node.isBelowRest = nodes[Int(parent)].kind == .rest || nodes[Int(parent)].isBelowRest
        nodes.append(node)
        return UInt32(nodes.count - 1)
    }

    private mutating func addExact(_ word: UnsafeRawBufferPointer, below parent: UInt32) -> UInt32 {
        let child = add(.exact, below: parent)
        nodes[Int(parent)].hasExactChildren = true
        nodes[Int(child)].wordStart = UInt32(words.count)
        nodes[Int(child)].wordLength = UInt8(word.count)  // A pattern has 255 bytes at the most.
        words.append(contentsOf: word)
        if (usedSlots + 1) * 3 > slots.count * 2 { grow() }
        place(Slot(tag: hash.child(of: parent, word: hash.word(word)), child: child))
        return child
    }

    private mutating func place(_ slot: Slot) {
        var index = Int(slot.tag) & (slots.count - 1)
        while slots[index].child != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
        usedSlots += 1
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        usedSlots = 0
        for slot in old where slot.child != 0 { place(slot) }
    }

    private func child(of node: UInt32, word: UnsafeRawBufferPointer) -> UInt32 {
        child(of: node, word: word, hash: hash.word(word))
    }

    private func child(of node: UInt32, word: UnsafeRawBufferPointer, hash wordHash: UInt64) -> UInt32 {
        let tag = hash.child(of: node, word: wordHash)
        var index = Int(tag) & (slots.count - 1)
        while true {
            let slot = slots[index]
            if slot.child == 0 { return TopicNodes.none }
            if slot.tag == tag, isChild(slot.child, of: node, word: word) { return slot.child }
            index = (index + 1) & (slots.count - 1)
        }
    }

    private func isChild(_ child: UInt32, of parent: UInt32, word: UnsafeRawBufferPointer) -> Bool {
        let node = nodes[Int(child)]
        guard node.parent == parent, Int(node.wordLength) == word.count else { return false }
        return words.withUnsafeBytes { words in
            let start = Int(node.wordStart)
            return TopicWords.isEqual(UnsafeRawBufferPointer(rebasing: words[start..<start + word.count]), word)
        }
    }

    // MARK: Topics

    /// Calls `body` with the list of every pattern that a topic matches; each pattern once.
    @usableFromInline
    func forEachList(matching topic: Topic, _ body: (UInt32) -> Void) {
        var text = topic.text
        text.withUTF8 { bytes in
            let source = TopicWords(bytes)
            let capacity = bytes.reduce(1) { $1 == 0x2E ? $0 + 1 : $0 }
            withUnsafeTemporaryAllocation(of: Word.self, capacity: capacity) { words in
                var count = 0
                var offset = source.start
                while !source.isEnd(offset) {
                    let word = source.word(at: offset)
                    offset = source.after(word)
                    let text = source.text(of: word)
                    words.initializeElement(at: count, to: Word(text: text, hash: hash.word(text)))
                    count += 1
                }
                var search = Search(words: UnsafeBufferPointer(rebasing: words[..<count]))
                visit(0, at: 0, &search, body)
            }
        }
    }

    /// A word of the topic, hashed once for all nodes.
    private struct Word {
        let text: UnsafeRawBufferPointer
        let hash: UInt64
    }

    private struct Search {
        let words: UnsafeBufferPointer<Word>
        /// From which word on each `#` below another one has been followed already. Without it the time for a pattern
        /// like `#.a.#.a.#.a` would be exponential.
        var followed: [UInt32: Int] = [:]
    }

    /// Follows a node that the words before `position` have led to. Its depth is that of the pattern, at most 128 words.
    private func visit(_ number: UInt32, at position: Int, _ search: inout Search, _ body: (UInt32) -> Void) {
        let node = nodes[Int(number)]
        if node.rest != TopicNodes.none { follow(rest: node.rest, from: position, &search, body) }
        guard position < search.words.count else {
            if node.list != TopicNodes.none { body(node.list) }
            return
        }
        if node.any != TopicNodes.none { visit(node.any, at: position + 1, &search, body) }
        guard node.hasExactChildren else { return }
        let word = search.words[position]
        let child = child(of: number, word: word.text, hash: word.hash)
        if child != TopicNodes.none { visit(child, at: position + 1, &search, body) }
    }

    /// Lets `#` take none, one, two … of the words from `position` on; each number of them is followed once.
    private func follow(rest number: UInt32, from position: Int, _ search: inout Search, _ body: (UInt32) -> Void) {
        let node = nodes[Int(number)]
        let last = search.words.count
        var end = last + 1
        if node.isBelowRest {
            end = search.followed[number] ?? end
            guard position < end else { return }
            search.followed[number] = position
        }
        if node.isLeaf {
            // Nothing comes behind most `#`: it takes all the words at once.
            if end > last { visit(number, at: last, &search, body) }
        } else {
            for next in position..<end { visit(number, at: next, &search, body) }
        }
    }

    // MARK: Compaction

    /// Drops the nodes that lead to no subscriber, and moves the others together.
    ///
    /// - Parameter move: is given the list of each node that has one, and answers what becomes of it.
    mutating func compact(_ move: (UInt32) -> UInt32) {
        var isLive = nodes.map { $0.list != TopicNodes.none }
        isLive[0] = true
        // A parent's number is smaller, so that one pass from the end suffices.
        for index in stride(from: nodes.count - 1, to: 0, by: -1) where isLive[index] {
            isLive[Int(nodes[index].parent)] = true
        }
        var fresh = TopicNodes(hash: hash)
        var numbers = [UInt32](repeating: TopicNodes.none, count: nodes.count)
        numbers[0] = 0
        if nodes[0].list != TopicNodes.none { fresh.nodes[0].list = move(nodes[0].list) }
        for index in nodes.indices.dropFirst() where isLive[index] {
            let node = nodes[index]
            let parent = numbers[Int(node.parent)]
            let number: UInt32
            switch node.kind {
            case .any:
                number = fresh.add(.any, below: parent)
                fresh.nodes[Int(parent)].any = number
            case .rest:
                number = fresh.add(.rest, below: parent)
                fresh.nodes[Int(parent)].rest = number
            case .exact:
                number = words.withUnsafeBytes { words in
                    let start = Int(node.wordStart)
                    let word = UnsafeRawBufferPointer(rebasing: words[start..<start + Int(node.wordLength)])
                    return fresh.addExact(word, below: parent)
                }
            }
            if node.list != TopicNodes.none { fresh.nodes[Int(number)].list = move(node.list) }
            numbers[index] = number
        }
        self = fresh
    }

    private init(hash: TopicHash) {
        self.hash = hash
        slots = Array(repeating: Slot(), count: 16)
    }
}
