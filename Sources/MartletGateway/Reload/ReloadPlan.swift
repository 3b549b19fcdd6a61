/// What a reload has to do: the difference between what runs and what the configuration says now.
///
/// A value; ``ConfigurationReloader`` performs it. What is in none of the lists is not touched.
struct ReloadPlan: Sendable, Hashable {
    /// What becomes of the named parts of one kind.
    struct Changes: Sendable, Hashable {
        var added: [String] = []
        var changed: [String] = []
        var removed: [String] = []

        var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }
    }

    var sources = Changes()
    var forwarders = Changes()
    /// The changed forwarders that keep their sink: nothing about the way to their destination is another.
    var keptSinks: Set<String> = []
    /// Whether the enrichers are others, or in another order: all of them are made anew then.
    var hasNewEnrichers = false
    /// The keys that are another and need a restart: `listen`.
    var restart: [String] = []
    /// What has been changed to no effect, with what to do instead.
    var notes: [String] = []

    /// Whether there is anything to do.
    var isEmpty: Bool { sources.isEmpty && forwarders.isEmpty && !hasNewEnrichers }
}

extension ReloadPlan {
    /// - Parameters:
    ///   - current: what runs; its general keys are those that were read at the start.
    ///   - next: what the configuration says now.
    init(from current: ReloadInput, to next: ReloadInput) {
        let (old, new) = (current.configuration, next.configuration)
        sources = Changes(
            Dictionary(old.sources.map { ($0.name, Fingerprinted($0, current.sourceFiles[$0.name])) }) { $1 },
            Dictionary(new.sources.map { ($0.name, Fingerprinted($0, next.sourceFiles[$0.name])) }) { $1 }
        )
        // Where it starts is remembered from when it was made, and is no change of a forwarder that there is.
        forwarders = Changes(
            Dictionary(
                old.forwarders.map { ($0.name, Fingerprinted($0.startingNow, current.forwarderFiles[$0.name])) }
            ) { $1 },
            Dictionary(
                new.forwarders.map { ($0.name, Fingerprinted($0.startingNow, next.forwarderFiles[$0.name])) }
            ) { $1 }
        )
        let former = Dictionary(old.forwarders.map { ($0.name, $0) }) { $1 }
        for forwarder in new.forwarders {
            guard let former = former[forwarder.name] else { continue }
            if forwarders.changed.contains(forwarder.name), forwarder.hasSink(of: former),
                current.forwarderFiles[forwarder.name] == next.forwarderFiles[forwarder.name]
            {
                keptSinks.insert(forwarder.name)
            }
            if forwarder.start != former.start {
                notes.append(
                    "forwarders.\(forwarder.name).start: is remembered from when the forwarder was made, and changes nothing "
                        + "now; give it another name to have it start anew"
                )
            }
        }
        hasNewEnrichers = old.enrichers != new.enrichers || current.enricherFiles != next.enricherFiles
        if hasNewEnrichers { notes.append("enrichers: the clouds are asked as it says now") }
        if old.readers != new.readers { notes.append("readers: are known by what it says now") }
        if old.store.retention != new.store.retention { notes.append("store.retain: the next look goes by it") }
        restart = GeneralKey.all.filter { !$0.isEqual(old, new) }.map(\.name)
    }

    /// A part with what its files held.
    private struct Fingerprinted<Part: Hashable>: Hashable {
        let part: Part
        let files: [String: String]?

        init(_ part: Part, _ files: [String: String]?) {
            self.part = part
            self.files = files
        }
    }
}

extension ReloadPlan.Changes {
    fileprivate init<Part: Equatable>(_ old: [String: Part], _ new: [String: Part]) {
        added = new.keys.filter { old[$0] == nil }.sorted()
        removed = old.keys.filter { new[$0] == nil }.sorted()
        changed = new.compactMap { name, part in old[name].map { $0 == part } == false ? name : nil }.sorted()
    }
}

/// A configuration, and what the files held that its components read: a renewed certificate is a change.
struct ReloadInput: Sendable {
    var configuration: Configuration
    /// By the source's name and the field's: what tells the file's content from another's.
    var sourceFiles: [String: [String: String]] = [:]
    var forwarderFiles: [String: [String: String]] = [:]
    var enricherFiles: [[String: String]] = []
}

extension Configuration.ForwarderConfiguration {
    fileprivate var startingNow: Self {
        var copy = self
        copy.start = .now
        return copy
    }

    /// Whether another's sink would be made just as this one's.
    fileprivate func hasSink(of other: Self) -> Bool {
        kind == other.kind && settings == other.settings && body == other.body
    }
}

/// A key that is read at the start only.
private struct GeneralKey: Sendable {
    let name: String
    let isEqual: @Sendable (Configuration, Configuration) -> Bool

    init<Value: Equatable & SendableMetatype>(_ name: String, _ value: @escaping @Sendable (Configuration) -> Value) {
        self.name = name
        isEqual = { value($0) == value($1) }
    }

    static let all = [
        GeneralKey("listen") { $0.listen },
        GeneralKey("store.path") { $0.store.path },
        GeneralKey("store.synchronous") { $0.store.isSynchronous },
        GeneralKey("metrics.public") { $0.arePublicMetrics },
        GeneralKey("clock-skew") { $0.clockSkew },
        GeneralKey("limits.body") { $0.bodyLimit },
        GeneralKey("limits.connections") { $0.maximumConnections },
    ]
}
