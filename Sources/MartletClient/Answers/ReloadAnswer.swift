package import MartletJSON

/// What a reload has changed.
package struct ReloadAnswer: Sendable {
    package struct Changes: Sendable, Hashable {
        package let added: [String]
        package let changed: [String]
        package let removed: [String]

        init(json: JSONValue?) {
            added = json?.texts("added") ?? []
            changed = json?.texts("changed") ?? []
            removed = json?.texts("removed") ?? []
        }

        package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }
    }

    package let json: JSONValue
    package let sources: Changes
    package let forwarders: Changes
    /// Keys that are another, and need a restart.
    package let restart: [String]
    package let notes: [String]
    package let warnings: [String]

    init(json: JSONValue) {
        self.json = json
        sources = Changes(json: json["sources"])
        forwarders = Changes(json: json["forwarders"])
        restart = json.texts("restart")
        notes = json.texts("notes")
        warnings = json.texts("warnings")
    }
}

extension JSONValue {
    /// The texts of an array; a member that is missing has none.
    fileprivate func texts(_ name: String) -> [String] { self[name]?.elements.compactMap(\.string) ?? [] }
}
