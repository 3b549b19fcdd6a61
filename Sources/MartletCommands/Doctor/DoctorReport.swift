import MartletGateway

/// What `martlet doctor` writes: one plain text with a section for each thing that it looked at.
///
/// Text, and no archive: whoever sends it can read it first, take out what they do not want to tell, and paste it anywhere.
struct DoctorReport: Sendable {
    struct Section: Sendable, Hashable {
        var title: String
        var lines: [String]
        /// What stands out, said again at the head of the report.
        var remarks: [String] = []
    }

    var title: String
    var sections: [Section]

    /// The report, without the secrets that are known, wherever they stand.
    func text(without secrets: KnownSecrets) -> String {
        var lines = [
            title, "",
            "Secrets are left out: what the configuration keeps secret, and what looks like a password, a token or a",
            "key. Names of hosts, users, files and resources are not. Read it before you send it.", "",
        ]
        let remarks = sections.flatMap { section in section.remarks.map { "- \(section.title): \($0)" } }
        lines += Self.heading("What stands out") + (remarks.isEmpty ? ["nothing"] : remarks)
        for section in sections {
            lines += [""] + Self.heading(section.title) + (section.lines.isEmpty ? ["nothing"] : section.lines)
        }
        // A line of a log or of a reason may hold anything, also what would move a terminal's cursor.
        return secrets.cut(from: lines.map { $0.withoutControls + "\n" }.joined())
    }

    private static func heading(_ title: String) -> [String] {
        [title, String(repeating: "=", count: title.count)]
    }
}

extension DoctorReport.Section {
    /// Names and values, the values below each other.
    init(_ title: String, table rows: [(name: String, value: String?)], remarks: [String] = []) {
        let known = rows.compactMap { row in row.value.map { (row.name, $0) } }
        let width = known.map { $0.0.count }.max() ?? 0
        self.init(
            title: title,
            lines: known.map { name, value in
                "\(name)\(String(repeating: " ", count: width - name.count))  \(value)"
            },
            remarks: remarks
        )
    }
}
