/// What a look at the broker shows, said while nothing comes.
package struct TrialFinding: Sendable, Hashable {
    /// Whether it is as it should be; `nil` where it says nothing of that.
    package var isGood: Bool?
    /// A sentence, with the remedy where there is something to mend.
    package var text: String

    package init(_ text: String, isGood: Bool? = nil) {
        self.text = text
        self.isGood = isGood
    }
}
