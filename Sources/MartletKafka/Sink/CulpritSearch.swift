/// Finds what a broker refuses: it takes or refuses several records as one, so that only one that is alone is known to be the
/// culprit.
///
/// What is sent at once is halved with each refusal and doubled with each success: a batch costs a few times its records,
/// whether some of them are too large or the topic takes but a few at a time.
struct CulpritSearch: Sendable {
    /// How many records to send next, at the most.
    private(set) var count: Int
    private let whole: Int

    init(_ count: Int) {
        self.count = max(1, count)
        whole = self.count
    }

    mutating func takeSuccess() { count = min(2 * count, whole) }

    /// Takes note of a refusal.
    ///
    /// - Parameter sent: how many records were refused together.
    /// - Returns: whether the culprit is found: it was alone.
    mutating func takeRefusal(of sent: Int) -> Bool {
        count = max(1, sent / 2)
        return sent == 1
    }
}
