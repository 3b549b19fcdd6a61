/// First in, first out, over one array: taking the first costs amortised constant time.
struct FIFO<Element> {
    private var storage: [Element?] = []
    private var head = 0

    var count: Int { storage.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { storage.append(element) }

    mutating func popFirst() -> Element? {
        guard head < storage.count else { return nil }
        let element = storage[head].take()
        head += 1
        // What was taken is given back when it is half of the array.
        if head * 2 >= storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes out the first element for which the predicate holds.
    mutating func remove(where predicate: (Element) -> Bool) -> Element? {
        guard let index = index(where: predicate) else { return nil }
        return storage.remove(at: index)
    }

    /// Changes the first element for which the predicate holds; whether there was one.
    mutating func update(where predicate: (Element) -> Bool, _ change: (inout Element) -> Void) -> Bool {
        guard let index = index(where: predicate), var element = storage[index] else { return false }
        change(&element)
        storage[index] = element
        return true
    }

    /// Takes out everything, the first first.
    mutating func removeAll() -> [Element] {
        defer {
            storage = []
            head = 0
        }
        return storage[head...].compactMap { $0 }
    }

    private func index(where predicate: (Element) -> Bool) -> Int? {
        storage.indices[head...].first { storage[$0].map(predicate) ?? false }
    }
}

extension FIFO: Sendable where Element: Sendable {}
