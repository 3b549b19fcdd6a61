import Martlet

/// What a full file is renamed to: `NAME.20260130T113835Z`, and `NAME.20260130T113835Z-2` for the second of a second.
struct RotatedName: Sendable, Hashable, Comparable {
    /// `20260130T113835Z`, of one length, so that texts sort as moments do.
    var stamp: String
    /// From 1 on.
    var number: Int

    init(_ moment: Timestamp) {
        let wholeSecond = Timestamp(seconds: moment.milliseconds / 1_000)
        stamp = wholeSecond.description.filter { $0 != "-" && $0 != ":" }
        number = 1
    }

    /// Reads what comes after the file's name and the full stop; `nil` for files of other origin, which are left alone.
    init?(suffix: some StringProtocol) {
        let parts = suffix.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts[0].utf8
        guard digits.count == 16, parts[0].hasSuffix("Z"), parts[0].dropFirst(8).first == "T",
            digits.enumerated().allSatisfy({ [8, 15].contains($0.offset) || (0x30...0x39).contains($0.element) })
        else { return nil }
        stamp = String(parts[0])
        number = 1
        guard parts.count == 2 else { return }
        guard let number = Int(parts[1]), number >= 2, String(number) == parts[1] else { return nil }
        self.number = number
    }

    var suffix: String { number == 1 ? stamp : "\(stamp)-\(number)" }

    /// The next one of the same second.
    var next: RotatedName {
        var next = self
        next.number += 1
        return next
    }

    static func < (left: RotatedName, right: RotatedName) -> Bool {
        (left.stamp, left.number) < (right.stamp, right.number)
    }
}
