import MartletPipeline

/// Where a property was written; what stands later in this order counts.
enum SettingOrigin: Sendable, Hashable {
    case file(path: String, line: Int)
    case properties
    case field(String)

    /// The component's field that an error or warning is about.
    var field: String {
        switch self {
        case .file: "properties-file"
        case .properties: "properties"
        case .field(let name): name
        }
    }

    var isFile: Bool { if case .file = self { true } else { false } }

    /// A property as a sentence begins with it: `“acks” on line 3 of /etc/…`.
    func naming(_ name: String) -> String {
        switch self {
        case .file(let path, let line): "“\(name)” on line \(line) of \(path)"
        case .properties: "“\(name)”"
        case .field(let field): field == name ? "it" : "“\(name)”"
        }
    }

    func error(_ name: String, _ reason: String) -> ComponentError {
        ComponentError(field: field, "\(naming(name)) \(reason)")
    }

    func warning(_ name: String, _ reason: String) -> ComponentWarning {
        ComponentWarning(field: field, "\(naming(name)) \(reason)")
    }
}

/// A property as it was chosen, under librdkafka's name.
struct ChosenProperty: Sendable, Hashable {
    var value: String
    /// The name it was written under.
    var writtenName: String
    var origin: SettingOrigin
}

/// A property as it was written.
struct WrittenProperty: Sendable, Hashable {
    var name: String
    var value: String
    var origin: SettingOrigin
}
