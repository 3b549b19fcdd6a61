import Martlet

/// One topic to its subscribers, as subscriptions grow.
enum RoutingBenchmark {
    static func run() async throws {
        Report.heading("Routing a topic of five words (goal 1 µs at 1,000,000, and at most 3 times 1,000)")
        var atThousand = 0.0
        for count in [10, 1_000, 100_000, 1_000_000] {
            var trie = TopicTrie<Int>()
            for number in 0..<count {
                trie.insert(try TopicPattern("*.*.*.VirtualMachine.\(SampleEvents.uuid(number))"), number)
            }
            trie.insert(try TopicPattern("*.ActionEvent.#"), -1)
            trie.insert(try TopicPattern("#"), -2)
            let topics = (0..<1_000).map { Topic(text: SampleEvents.topic(resource: $0 * max(1, count / 1_000))) }
            let rounds = 500_000
            var found: [Int] = []
            let measurement = await Measurement.of(events: rounds) {
                for index in 0..<rounds {
                    found.removeAll(keepingCapacity: true)
                    trie.match(topics[index % 1_000], into: &found)
                }
            }
            if count == 1_000 { atThousand = measurement.cpu }
            Report.line(
                "\(count) subscriptions",
                Report.microseconds(measurement.microsecondsOfCPU),
                atThousand > 0 ? Report.ratio(measurement.cpu / atThousand, "1,000") : ""
            )
        }
    }
}
