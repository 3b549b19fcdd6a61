/// One thing that a check looked at, and what it saw.
struct Finding: Sendable, Hashable {
    enum Verdict: String, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// It works, but production wants it otherwise.
        case advice
        /// Events are lost or do not come until this is mended.
        case problem
        /// It could not be seen from here.
        case unknown
    }

    var verdict: Verdict
    /// What was looked at, in one or two words.
    var subject: String
    /// What was seen, in a sentence.
    var text: String
    /// What would mend it, or how to see it; empty where there is nothing to do.
    var remedy = ""

    /// The subject of what says whether a broker can be reached at all.
    static let connection = "connection"

    /// The same of one broker among several.
    func prefixed(by word: String) -> Finding {
        var finding = self
        finding.subject = "\(word) \(subject)"
        return finding
    }

    static func ok(_ subject: String, _ text: String) -> Finding {
        Finding(verdict: .ok, subject: subject, text: text)
    }

    static func advice(_ subject: String, _ text: String, remedy: String) -> Finding {
        Finding(verdict: .advice, subject: subject, text: text, remedy: remedy)
    }

    static func problem(_ subject: String, _ text: String, remedy: String) -> Finding {
        Finding(verdict: .problem, subject: subject, text: text, remedy: remedy)
    }

    static func unknown(_ subject: String, _ text: String, remedy: String) -> Finding {
        Finding(verdict: .unknown, subject: subject, text: text, remedy: remedy)
    }
}
