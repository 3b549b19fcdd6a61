/// Waits that double from 100 ms to 30 s, each shortened by chance so that many do not come back at once.
struct Backoff: Sendable {
    private static let first = Duration.milliseconds(100)
    private let longest: Duration
    private let random: @Sendable () -> Double
    private var bound = first

    /// - Parameter random: a number from 0 to 1.
    init(
        longest: Duration = .seconds(30),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.longest = longest
        self.random = random
    }

    /// The next wait: from half of the bound to all of it.
    mutating func next() -> Duration {
        defer { bound = min(bound * 2, longest) }
        return bound * (0.5 + random() / 2)
    }

    mutating func reset() { bound = Self.first }
}
