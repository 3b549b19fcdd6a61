import Crypto
import Foundation
import MartletPipeline

extension ReloadInput {
    /// A configuration with what its files hold now.
    init(reading configuration: Configuration) {
        self.configuration = configuration
        for source in configuration.sources {
            sourceFiles[source.name] = ReloadInput.files(of: source.settings, .source, source.kind)
        }
        for forwarder in configuration.forwarders {
            forwarderFiles[forwarder.name] = ReloadInput.files(of: forwarder.settings, .sink, forwarder.kind)
        }
        enricherFiles = configuration.enrichers.map { ReloadInput.files(of: $0.settings, .enricher, $0.kind) }
    }

    /// What tells the contents of a component's files from others, by field. Fields named `…-file` are read when the component
    /// is made; other paths are what it works with, and change all the time.
    private static func files(
        of settings: ComponentSettings,
        _ kind: ComponentDescription.Kind,
        _ name: String
    ) -> [String: String] {
        files(of: settings, BuiltInComponents.all.first { $0.kind == kind && $0.name == name }?.fields ?? [])
    }

    private static func files(of settings: ComponentSettings, _ fields: [FieldDescription]) -> [String: String] {
        var files: [String: String] = [:]
        for field in fields {
            if case .section(let members) = field.form, let section = settings.section(field.name) {
                for (name, content) in Self.files(of: section, members) { files["\(field.name).\(name)"] = content }
            }
            guard field.form == .path, field.name.hasSuffix("-file"), let path = settings.string(field.name) else {
                continue
            }
            // One that cannot be read is a finding of the component's own, and is another than one that can.
            let content = FileManager.default.contents(atPath: path)
            files[field.name] = content.map { SHA256.hash(data: $0).description } ?? ""
        }
        return files
    }
}
