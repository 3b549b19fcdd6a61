import MartletClient

/// What became of all items so far.
struct PublishSummary: Hashable {
    var accepted = 0
    var duplicates = 0
    var quarantined = 0
    var ignored = 0
    /// Items of which nothing was kept.
    var refused = 0

    mutating func add(_ answer: PublishAnswer) {
        accepted += answer.accepted
        duplicates += answer.duplicates
        quarantined += answer.quarantined
        ignored += answer.ignored
    }

    /// `accepted 500, duplicates 0, quarantined 1`; what is ignored or refused only where there is some.
    var text: String {
        var text = "accepted \(accepted), duplicates \(duplicates), quarantined \(quarantined)"
        if ignored > 0 { text += ", ignored \(ignored)" }
        if refused > 0 { text += ", refused \(refused)" }
        return text
    }

    /// Items that have an answer.
    var total: Int { accepted + duplicates + quarantined + ignored + refused }

    var isClean: Bool { quarantined == 0 && refused == 0 }
}
