/// Subscribers by topic pattern: finds those who want a topic in a time that hardly grows with their number.
///
/// A value. Subscribing twice under one pattern counts twice and takes two removals, yet each subscriber is found once.
/// Removals leave dead nodes behind until there are as many as live subscriptions (and ``minimumGarbage`` more); then
/// what lives is moved together, so that the memory held is that of at most twice the subscriptions, and a removal costs
/// amortised constant time. A removal also walks the other subscribers of the same pattern.
///
/// Matching is inlined into its caller, whichever the module, and so specialised for the subscribers there: called
/// through generic metadata it would take twice as long.
package struct TopicTrie<Subscriber: Hashable & Sendable>: Sendable {
    @usableFromInline var nodes: TopicNodes
    /// Who subscribed, by the number of the registration; the place of one that was removed keeps what stood there.
    @usableFromInline var registered: [Subscriber] = []
    /// The next registration of the same pattern, or the next free one.
    @usableFromInline var following: [UInt32] = []
    private var firstFree = TopicNodes.none
    private var garbage = 0

    /// How many subscriptions there are.
    package private(set) var count = 0

    /// The number of removals below which nothing is ever moved.
    package static var minimumGarbage: Int { 1_024 }

    /// An empty trie.
    ///
    /// - Parameter hashSeed: makes the places of words unpredictable, so that nobody can choose patterns that collide.
    package init(hashSeed: UInt64 = .random(in: .min ... .max)) { nodes = TopicNodes(seed: hashSeed) }

    package var isEmpty: Bool { count == 0 }

    /// Adds a subscription.
    package mutating func insert(_ pattern: TopicPattern, _ subscriber: Subscriber) {
        let node = nodes.insert(pattern)
        let next = nodes.list(of: node)
        if firstFree == TopicNodes.none {
            nodes.setList(of: node, to: UInt32(registered.count))
            registered.append(subscriber)
            following.append(next)
        } else {
            let free = firstFree
            firstFree = following[Int(free)]
            registered[Int(free)] = subscriber
            following[Int(free)] = next
            nodes.setList(of: node, to: free)
        }
        count += 1
    }

    /// Takes back one subscription; whether there was one.
    @discardableResult
    package mutating func remove(_ pattern: TopicPattern, _ subscriber: Subscriber) -> Bool {
        guard let node = nodes.find(pattern) else { return false }
        var previous = TopicNodes.none
        var current = nodes.list(of: node)
        while current != TopicNodes.none, registered[Int(current)] != subscriber {
            previous = current
            current = following[Int(current)]
        }
        guard current != TopicNodes.none else { return false }
        let next = following[Int(current)]
        if previous == TopicNodes.none {
            nodes.setList(of: node, to: next)
        } else {
            following[Int(previous)] = next
        }
        following[Int(current)] = firstFree
        firstFree = current
        count -= 1
        garbage += 1
        if garbage > count + TopicTrie.minimumGarbage { compact() }
        return true
    }

    /// Appends everyone who wants a topic, each once, in no particular order. With a reused array nothing is allocated
    /// for up to sixteen of them.
    @inlinable
    @inline(always)
    package func match(_ topic: Topic, into found: inout [Subscriber]) {
        let start = found.count
        nodes.forEachList(matching: topic) { head in
            var current = head
            while current != TopicNodes.none {
                found.append(registered[Int(current)])
                current = following[Int(current)]
            }
        }
        if found.count - start > 1 { TopicTrie.removeRepetitions(from: start, in: &found) }
    }

    /// Everyone who wants a topic, each once, in no particular order.
    @inlinable
    package func subscribers(to topic: Topic) -> [Subscriber] {
        var found: [Subscriber] = []
        match(topic, into: &found)
        return found
    }

    /// A few are compared with each other; for many a set is quicker.
    @inlinable
    @inline(always)
    static func removeRepetitions(from start: Int, in found: inout [Subscriber]) {
        var end = start
        if found.count - start <= 16 {
            for index in start..<found.count {
                var earlier = start
                while earlier < end, found[earlier] != found[index] { earlier += 1 }
                if earlier == end {
                    if end != index { found.swapAt(end, index) }
                    end += 1
                }
            }
        } else {
            var seen: Set<Subscriber> = []
            for index in start..<found.count where seen.insert(found[index]).inserted {
                found.swapAt(end, index)
                end += 1
            }
        }
        if end < found.count { found.removeLast(found.count - end) }
    }

    /// Moves what lives together and gives the rest back.
    private mutating func compact() {
        var kept: [Subscriber] = []
        var keptFollowing: [UInt32] = []
        kept.reserveCapacity(count)
        keptFollowing.reserveCapacity(count)
        nodes.compact { head in
            let start = UInt32(kept.count)
            var current = head
            while current != TopicNodes.none {
                let next = following[Int(current)]
                kept.append(registered[Int(current)])
                keptFollowing.append(next == TopicNodes.none ? next : UInt32(kept.count))
                current = next
            }
            return start
        }
        registered = kept
        following = keptFollowing
        firstFree = TopicNodes.none
        garbage = 0
    }
}

extension TopicTrie {
    /// The bytes held, capacity included, without what subscribers own elsewhere.
    package var memoryInBytes: Int {
        nodes.memoryInBytes + registered.capacity * MemoryLayout<Subscriber>.stride
            + following.capacity * MemoryLayout<UInt32>.stride
    }
}
