import Foundation
import MartletPipeline
import MartletTesting

@testable import MartletKafka

/// Settings as a user gives them, for tables.
struct SettingsCase {
    var file: String?
    var properties: [String: String] = [:]
    var fields: [String: ComponentSettings.Value] = [:]
    var role = KafkaSettings.Role.consumer

    /// Reads them.
    func read() throws -> KafkaSettings { try withValues { try KafkaSettings($0, for: role) } }

    /// Runs a body with the values, and with the file in a directory that is removed.
    func withValues<Result>(_ body: (ComponentSettings) throws -> Result) throws -> Result {
        var values = fields
        if !properties.isEmpty { values["properties"] = .table(properties) }
        guard let file else { return try body(ComponentSettings(values)) }
        let directory = try ScratchDirectory.make()
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "kafka.properties")
        try Data(file.utf8).write(to: path)
        values["properties-file"] = .string(path.path)
        return try body(ComponentSettings(values))
    }

    /// What reading them throws; `nil` where it does not.
    func error() throws -> ComponentError? {
        do {
            _ = try read()
            return nil
        } catch let error as ComponentError {
            return error
        }
    }
}

extension KafkaSettings {
    /// The warnings as one text.
    var warningText: String { warnings.map(\.text).joined(separator: "\n") }
}
