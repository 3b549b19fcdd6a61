import MartletJSON

/// What a reload has changed.
package struct ReloadReport: Sendable, Hashable {
    package struct Changes: Sendable, Hashable {
        package var added: [String]
        package var changed: [String]
        package var removed: [String]

        package init(added: [String] = [], changed: [String] = [], removed: [String] = []) {
            self.added = added
            self.changed = changed
            self.removed = removed
        }
    }

    package var sources = Changes()
    /// A removed one is retired: the store keeps what it has of it.
    package var forwarders = Changes()
    /// Keys that are another, and need a restart.
    package var restart: [String] = []
    /// What was changed to no effect, and what did not go as it should.
    package var notes: [String] = []
    /// What is not wrong with the configuration, but worth a word.
    package var warnings: [String] = []
    package var seconds = 0.0

    package init() {}

    /// Writes the members of the answer.
    func write(into writer: inout JSONWriter) {
        write("sources", sources, into: &writer)
        write("forwarders", forwarders, into: &writer)
        write("restart", restart, into: &writer)
        write("notes", notes, into: &writer)
        write("warnings", warnings, into: &writer)
        writer.member("seconds", seconds)
    }

    private func write(_ name: String, _ changes: Changes, into writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        write("added", changes.added, into: &writer)
        write("changed", changes.changed, into: &writer)
        write("removed", changes.removed, into: &writer)
        writer.endObject()
    }

    private func write(_ name: String, _ texts: [String], into writer: inout JSONWriter) {
        writer.key(name)
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
    }
}
