import Foundation
import MartletJSON
import MartletTesting
import Testing

extension Server {
    /// Writes another configuration into the file that it was started with.
    func write(configuration: String) throws {
        try configuration.write(to: directory.appending(path: "martlet.yaml"), atomically: true, encoding: .utf8)
    }

    /// Has it read another configuration; what has changed.
    func reload(_ configuration: String) async throws -> JSONValue {
        try write(configuration: configuration)
        let answer = try await post("/v1/config/reload", "{}")
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json
    }

    /// Returns when the standby of a directory has said that it waits; its log.
    @discardableResult
    static func waitUntilStandingBy(in directory: URL) async throws -> String {
        let log = Server.log(in: directory, isStandby: true)
        func text() -> String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
        try await eventually("it stands by") { text().contains("Standing by") }
        return text()
    }

    /// How the last reload ended: the time, and `applied` or `refused`.
    func lastReload() async throws -> (time: String, result: String)? {
        let reload = try await get("/v1/status").json["configuration"]?["reload"]
        guard let time = reload?["time"]?.string, let result = reload?["result"]?.string else { return nil }
        return (time, result)
    }

    /// Has it read another configuration by SIGHUP, and returns its result.
    func hangUp(_ configuration: String) async throws -> String? {
        let former = try await lastReload()?.time
        try write(configuration: configuration)
        kill(identifier, SIGHUP)
        try await eventually("it has read its configuration anew") { try await lastReload()?.time != former }
        return try await lastReload()?.result
    }

    /// Whether the five numbers of a forwarder add up, with nothing pending.
    func hasConcluded(_ name: String) async throws -> Bool {
        let forwarder = try await forwarder(name)
        let numbers = ["delivered", "filtered", "dead", "skipped", "pending"].compactMap { forwarder[$0]?.integer }
        return numbers.count == 5 && forwarder["pending"]?.integer == 0
            && forwarder["committed"]?.integer == numbers.reduce(0, +)
    }
}

extension JSONValue {
    /// The texts of an array.
    func texts(_ names: String...) -> [String] {
        names.reduce(self as JSONValue?) { $0?[$1] }?.elements.compactMap(\.string) ?? []
    }
}
