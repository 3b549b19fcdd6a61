/// What a check of a store found.
package struct StoreReport: Sendable {
    /// The part of the store that a finding is about; the order is that of the report.
    package enum Part: String, Sendable, CaseIterable {
        case file, writeAheadLog, schema, identity, events, missingEvents, fragments, resources, timelines, forwarders
        case parked, deadLetters, quarantine, checkpoints, settings, identities, textIndex
    }

    /// One thing that is not as it was written.
    package struct Finding: Sendable, Hashable {
        package var part: Part
        /// Who is affected: `position 17`, `forwarder billing`.
        package var subject: String
        /// What is wrong with it, without a full stop.
        package var reason: String

        package init(_ part: Part, _ subject: String, _ reason: String) {
            self.part = part
            self.subject = subject
            self.reason = reason
        }
    }

    /// Findings kept of one part; what comes after them is counted only.
    private static let kept = 1_000

    package private(set) var findings: [Part: [Finding]] = [:]
    package private(set) var counts: [Part: Int] = [:]
    /// Rows looked at, by table.
    package var rows: [String: Int] = [:]
    /// The first and the last position of the log; zero where it is empty.
    package var first: Int64 = 0
    package var last: Int64 = 0
    /// Positions that an earlier repair has put on record as lost, and how many.
    package var lost: [ClosedRange<Int64>] = []
    /// Rows written by an earlier version, without a checksum: what is in them cannot be told from what was written.
    package var uncheckedRows = 0
    /// What could not be looked at, and why.
    package var notes: [String] = []

    package init() {}

    package var isClean: Bool { counts.isEmpty }
    package var total: Int { counts.values.reduce(0, +) }

    mutating func add(_ part: Part, _ subject: String, _ reason: String) {
        counts[part, default: 0] += 1
        if findings[part, default: []].count < StoreReport.kept {
            findings[part, default: []].append(Finding(part, subject, reason))
        }
    }
}

extension StoreReport.Part {
    /// What the part is called.
    package var title: String {
        switch self {
        case .file: "the file's structure"
        case .writeAheadLog: "the write-ahead log"
        case .schema: "the layout"
        case .identity: "the store's identity"
        case .events: "damaged events"
        case .missingEvents: "missing events"
        case .fragments: "what events have in common"
        case .resources: "resources"
        case .timelines: "time lines"
        case .forwarders: "forwarders"
        case .parked: "events waiting for another attempt"
        case .deadLetters: "dead letters"
        case .quarantine: "the quarantine"
        case .checkpoints: "how far sources have been read"
        case .settings: "settings"
        case .identities: "what redelivered events are known by"
        case .textIndex: "the text index"
        }
    }

    /// What it means, and what a repair makes of it.
    package var meaning: String {
        switch self {
        case .file: "A repair reads around the damage and writes everything anew."
        case .writeAheadLog:
            "SQLite would end the log there at its next start, and lose the commits behind it. Repair before the next start."
        case .schema: "A repair writes the tables anew."
        case .identity: "A repair takes the copy."
        case .events:
            "They are never served; forwarders count them as skipped. A repair puts their positions on record."
        case .missingEvents: "Forwarders count them as skipped. A repair puts their positions on record."
        case .fragments: "A repair takes the copies."
        case .resources: "A repair makes them again from their events, as far as the log reaches."
        case .timelines: "A repair links them again."
        case .forwarders: "A repair sets their numbers right, so that events are rather repeated than skipped."
        case .parked: "A repair keeps those that can be read, and counts the others as skipped."
        case .deadLetters: "A repair keeps those that can be read, and counts the others as skipped."
        case .quarantine: "A repair keeps the items that can be read."
        case .checkpoints: "Damaged ones are left out by a repair: what they stood for is read again."
        case .settings: "Damaged ones are left out by a repair and made again at the next start."
        case .identities: "An event delivered again could be stored twice. A repair makes them again from the log."
        case .textIndex: "It is made anew from the store."
        }
    }
}

/// How far a long piece of work is.
package struct StoreWork: Sendable, Hashable {
    /// What is being done: `checking the events`.
    package var phase: String
    package var done: Int64
    /// Zero where nobody knows.
    package var total: Int64

    package init(_ phase: String, _ done: Int64 = 0, of total: Int64 = 0) {
        self.phase = phase
        self.done = done
        self.total = total
    }
}
