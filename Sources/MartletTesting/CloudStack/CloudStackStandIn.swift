import Foundation
import MartletJSON

/// A stand-in for CloudStack's API: it checks signatures, lists what it is told to have, and fails as it is told.
package final class CloudStackStandIn: Sendable {
    package static let apiKey = "s33ded-API-key-of_a.user"
    package static let secretKey = "s33ded-secret-KEY-of_a.user"

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tests/Tools/cloudstack-stand-in/cloudstack-stand-in.py")

    private let standIn: StandInProcess

    /// Starts it and returns when it answers.
    package static func start() async throws -> CloudStackStandIn {
        CloudStackStandIn(
            try await StandInProcess.start(script: script, arguments: [apiKey, secretKey])
        )
    }

    private init(_ standIn: StandInProcess) { self.standIn = standIn }

    package var endpoint: String { "http://127.0.0.1:\(standIn.port)/client/api" }

    /// What the commands list: an object of `{"listZones": [{…}]}`.
    package func setResources(_ json: String) async throws { try await standIn.put("resources", json) }

    /// Gives it a large cloud: every command lists something, every tenth resource is a project's.
    package func seed(machines: Int = 2_000) async throws {
        try await standIn.put("seed", #"{"machines": \#(machines)}"#)
    }

    /// Changes and adds resources: `{"listZones": {"z1": {"name": "other"}}}`; `null` takes one out.
    package func patch(_ json: String) async throws { try await standIn.put("patch", json) }

    /// How it answers lists; `lists.py` says which habits there are.
    package func setHabits(_ json: String) async throws { try await standIn.put("habits", json) }

    /// What becomes of the next requests, a list of objects; the last one is for all that follow.
    ///
    /// `status` and `errortext` refuse as CloudStack does; `text` is sent as it is; `truncate` says after how many bytes the
    /// answer ends; `slow` is the seconds that it waits before it answers, `hang` has it say nothing; `headers` are added;
    /// `vanish` deletes so many of what the command lists before; `{}` is an answer without a fault.
    package func script(_ json: String) async throws { try await standIn.put("script", json) }

    /// The commands that the user's role does not allow.
    package func setRefused(_ commands: [String]) async throws {
        try await standIn.put("refused", "[\(commands.map { "\"\($0)\"" }.joined(separator: ","))]")
    }

    /// The parameters of all requests so far.
    package func requests() async throws -> [[String: String]] {
        try await standIn.get("seen").elements.map { request in
            Dictionary(uniqueKeysWithValues: request.members.map { ($0.key, $0.value.string ?? "") })
        }
    }
}
