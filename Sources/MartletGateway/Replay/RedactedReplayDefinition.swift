import Foundation
import Yams

/// The definition of a replay without its secrets and without its course, in JSON.
struct RedactedReplayDefinition: Sendable {
    let json: [UInt8]

    init(_ definition: [UInt8]) {
        guard let root = try? Yams.compose(yaml: String(decoding: definition, as: UTF8.self)),
            let members = root.mapping
        else {
            json = Array("{}".utf8)
            return
        }
        var shown: [String: Any] = [:]
        for (key, value) in members {
            guard let key = key.scalar?.string, !ReplayDefinition.courseKeys.contains(key), !value.isNull else {
                continue
            }
            let node = key == "sink" ? Self.redactedSink(value) : RedactedConfiguration.redact(plain: value)
            shown[key] = Self.value(of: node)
        }
        let data = try? JSONSerialization.data(withJSONObject: shown, options: [.sortedKeys, .withoutEscapingSlashes])
        json = data.map(Array.init) ?? Array("{}".utf8)
    }

    private static func redactedSink(_ node: Node) -> Node {
        guard let text = node.scalar?.string else { return RedactedConfiguration.redact(sink: node) }
        guard let composed = try? Yams.compose(yaml: text) else { return Node("(not shown)") }
        return RedactedConfiguration.redact(sink: composed)
    }

    private static func value(of node: Node) -> Any {
        if let mapping = node.mapping {
            var members: [String: Any] = [:]
            for (key, value) in mapping { members[key.scalar?.string ?? ""] = self.value(of: value) }
            return members
        }
        if let sequence = node.sequence { return sequence.map { value(of: $0) } }
        return node.isNull ? NSNull() : node.scalar?.string ?? ""
    }
}
