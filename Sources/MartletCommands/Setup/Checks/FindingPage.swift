import MartletJSON

/// Findings as people and programs read them.
enum FindingPage {
    /// One after the other, with what to do below, and a sum at the end.
    static func lines(_ findings: [Finding], width: Int?) -> [StyledText] {
        let subjects = findings.map { DisplayWidth.of($0.subject) }.max() ?? 0
        var lines: [StyledText] = []
        for finding in findings {
            var indent = StyledText(finding.verdict.rawValue, finding.verdict.style)
            indent.pad(to: 9)
            indent.append(finding.subject, .bold)
            indent.pad(to: 9 + subjects + 2)
            lines += Prose.lines(finding.text, width: width, indent: indent)
            if !finding.remedy.isEmpty {
                let blank = StyledText(String(repeating: " ", count: indent.width))
                lines += Prose.lines(finding.remedy, width: width, indent: blank, style: .dim)
            }
        }
        return lines + [StyledText(), StyledText(sum(findings))]
    }

    private static func sum(_ findings: [Finding]) -> String {
        let counts = Dictionary(grouping: findings, by: \.verdict).mapValues(\.count)
        let problems = counts[.problem] ?? 0
        var parts = [problems == 0 ? "no problem" : problems == 1 ? "1 problem" : "\(problems) problems"]
        if let advice = counts[.advice] { parts.append("\(advice) to improve") }
        if let unknown = counts[.unknown] { parts.append("\(unknown) unknown") }
        return parts.joined(separator: ", ")
    }

    static func json(_ finding: Finding) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("verdict", finding.verdict.rawValue)
        json.member("subject", finding.subject)
        json.member("text", finding.text)
        if !finding.remedy.isEmpty { json.member("remedy", finding.remedy) }
        json.endObject()
        return json.bytes
    }
}

extension Finding.Verdict {
    fileprivate var style: TextStyle {
        switch self {
        case .ok: .green
        case .advice: .yellow
        case .problem: .red
        case .unknown: .cyan
        }
    }
}
