/// What a source reads, and from where.
struct ReadingPlan: Sendable {
    enum Start: String, Sendable, CaseIterable {
        case earliest, latest
    }

    /// Names, or regular expressions that begin with `^`.
    var topics: [String]
    /// Where partitions begin of which neither the store nor the group knows anything.
    var start = Start.earliest
    /// Whether everything is read from its beginning, without joining a group or telling one anything.
    var isPreview = false

    /// The checkpoint that says that a topic has been begun with: partitions that it is given later are read as a whole.
    static func marker(of topic: String) -> String { topic }
}
