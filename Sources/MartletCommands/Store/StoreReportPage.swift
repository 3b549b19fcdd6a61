import MartletJSON
import MartletStore

/// What a check found, as a page for people.
struct StoreReportPage {
    /// Findings shown of each part.
    private static let shown = 10

    let report: StoreReport
    let directory: String

    var lines: [StyledText] {
        var lines = [StyledText(summary)]
        for part in StoreReport.Part.allCases {
            guard let count = report.counts[part], let findings = report.findings[part] else { continue }
            lines += [StyledText(), StyledText("\(part.title): \(Measures.count(count))", .bold)]
            for finding in findings.prefix(Self.shown) {
                lines.append(StyledText("  \(finding.subject.withoutControls): \(finding.reason.withoutControls)"))
            }
            if count > Self.shown {
                lines.append(StyledText("  and \(Measures.count(count - Self.shown)) more; --json has them.", .dim))
            }
            lines.append(StyledText("  \(part.meaning)", .dim))
        }
        let remarks = self.remarks
        if !remarks.isEmpty { lines += [StyledText()] + remarks.map { StyledText($0, .dim) } }
        lines.append(StyledText())
        if report.isClean {
            lines.append(StyledText("No damage found.", .green))
        } else {
            var line = StyledText("The store is damaged: \(Measures.count(report.total)) findings.", .red)
            line.append(" Stop the server and run: martlet store repair --data \(directory)")
            lines.append(line)
        }
        return lines
    }

    private var summary: String {
        let events = report.rows["events"] ?? 0
        let range = events > 0 ? ", positions \(report.first) to \(report.last)" : ""
        let rest = [("resources", "resources"), ("forwarders", "forwarders"), ("dead_letters", "dead letters")]
            .map { "\(Measures.count(report.rows[$0.0] ?? 0)) \($0.1)" }
        return "Checked \(Measures.count(events)) events\(range), \(rest.joined(separator: ", "))."
    }

    private var remarks: [String] {
        var remarks = report.notes
        if !report.lost.isEmpty {
            let count = report.lost.reduce(0) { $0 + $1.count }
            remarks.append(
                "An earlier repair could not save \(Measures.count(count)) events; their positions are on record."
            )
        }
        if report.uncheckedRows > 0 {
            remarks.append(
                """
                \(Measures.count(report.uncheckedRows)) rows beside the log are from before version 0.3 and have no checksum: a \
                change in their text would not be seen.
                """
            )
        }
        return remarks
    }
}

extension StoreReport {
    /// `{"damaged": …, "events": …, "findings": [{"part": …, "count": …, "examples": […]}], …}`
    var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.beginObject()
        writer.member("damaged", !isClean)
        writer.member("first", "\(first)")
        writer.member("last", "\(last)")
        writer.key("rows")
        writer.beginObject()
        for (table, count) in rows.sorted(by: { $0.key < $1.key }) {
            writer.key(table)
            writer.integer(count)
        }
        writer.endObject()
        writer.member("uncheckedrows", uncheckedRows)
        writer.key("lost")
        writer.beginArray()
        for range in lost { writer.string("\(range.lowerBound)-\(range.upperBound)") }
        writer.endArray()
        writer.key("findings")
        writer.beginArray()
        for part in Part.allCases {
            guard let count = counts[part], let examples = findings[part] else { continue }
            writer.beginObject()
            writer.member("part", part.rawValue)
            writer.member("title", part.title)
            writer.member("count", count)
            writer.member("meaning", part.meaning)
            writer.key("examples")
            writer.beginArray()
            for example in examples {
                writer.beginObject()
                writer.member("subject", example.subject)
                writer.member("reason", example.reason)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
