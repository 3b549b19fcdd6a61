import Logging
import MartletClient
import MartletHTTP
import MartletPipeline

extension ReloadPlan.Changes {
    /// Whether something has to be made for a part.
    func isNew(_ name: String) -> Bool { added.contains(name) || changed.contains(name) }
}

extension ReloadReport {
    init(_ plan: ReloadPlan, warnings: [Finding]) {
        self.init()
        sources = Changes(plan.sources)
        forwarders = Changes(plan.forwarders)
        restart = plan.restart
        notes = plan.notes
        self.warnings = warnings.map { TextRedaction.redact("\($0)") }
    }

    /// For the log: only what there is to say.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        func add(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { metadata[name] = .array(texts.map { "\($0)" }) }
        }
        for (name, changes) in [("sources", sources), ("forwarders", forwarders)] {
            add("\(name).added", changes.added)
            add("\(name).changed", changes.changed)
            add("\(name).removed", changes.removed)
        }
        add("restart", restart)
        add("notes", notes)
        add("warnings", warnings)
        return metadata
    }
}

extension ReloadReport.Changes {
    fileprivate init(_ changes: ReloadPlan.Changes) {
        self.init(added: changes.added, changed: changes.changed, removed: changes.removed)
    }
}

extension Problem {
    /// Why a reload has changed nothing.
    init(refusing error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ConfigurationError:
            let count = error.findings.count { $0.severity == .error }
            self.init(
                .invalidConfiguration,
                "\(error.file) has \(count) error\(count == 1 ? "" : "s"); nothing was changed.",
                // A finding may quote a value.
                findings: error.findings.map { TextRedaction.redact("\(error.file):\($0)") }
            )
        case let error as GatewayError:
            self.init(.invalidConfiguration, "Nothing was changed: \(TextRedaction.redact("\(error)"))")
        case let error as StoreError where error.code == .full: self.init(.storeFull, error.reason)
        case let error as StoreError: self.init(.internal, "Nothing was changed: \(error.reason)")
        case let error as IntakeError: self.init(.stopping, error.reason)
        default: self.init(.internal, "Nothing was changed: \(TextRedaction.redact("\(error)"))")
        }
    }
}

extension Configuration {
    /// Has the keys that are read at the start only say what was read then.
    mutating func keepGeneralKeys(of other: Configuration) {
        let (sources, forwarders, warnings, retention) = (sources, forwarders, warnings, store.retention)
        let (enrichers, readers) = (enrichers, readers)
        self = other
        (self.enrichers, self.readers) = (enrichers, readers)
        (self.sources, self.forwarders, self.warnings) = (sources, forwarders, warnings)
        store.retention = retention
    }
}
