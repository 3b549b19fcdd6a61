/// The values of a component's fields, already checked against its description: every one has the form described, required
/// ones are there, defaults are filled in.
package struct ComponentSettings: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        case string(String)
        case boolean(Bool)
        /// Integers and sizes in bytes.
        case integer(Int)
        case duration(Duration)
        case strings([String])
        case table([String: String])
        case section(ComponentSettings)
    }

    private let values: [String: Value]

    package init(_ values: [String: Value]) { self.values = values }

    /// Whether a field was given, or has a default.
    package func has(_ name: String) -> Bool { values[name] != nil }

    /// The same with one more value.
    package func adding(_ name: String, _ value: Value) -> ComponentSettings {
        ComponentSettings(values.merging([name: value]) { $1 })
    }

    package func string(_ name: String) -> String? {
        if case .string(let value) = values[name] { value } else { nil }
    }

    package func boolean(_ name: String) -> Bool? {
        if case .boolean(let value) = values[name] { value } else { nil }
    }

    package func integer(_ name: String) -> Int? {
        if case .integer(let value) = values[name] { value } else { nil }
    }

    package func duration(_ name: String) -> Duration? {
        if case .duration(let value) = values[name] { value } else { nil }
    }

    package func strings(_ name: String) -> [String] {
        switch values[name] {
        case .strings(let values): values
        case .string(let value): [value]
        default: []
        }
    }

    /// The values of a section's fields; `nil` where it is not there.
    package func section(_ name: String) -> ComponentSettings? {
        if case .section(let value) = values[name] { value } else { nil }
    }

    package func table(_ name: String) -> [String: String] {
        if case .table(let value) = values[name] { value } else { [:] }
    }
}

/// Why a component could not be made of its settings: something that its description cannot express.
package struct ComponentError: Error, Sendable, CustomStringConvertible {
    /// The field to blame, where it is one.
    package var field: String?
    /// What is wrong, and what would be right.
    package var reason: String

    package init(field: String? = nil, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { field.map { "\($0): \(reason)" } ?? reason }
}

/// What is not wrong with a component's settings, but worth a word: a key that is understood and does nothing here.
package struct ComponentWarning: Sendable, Hashable {
    /// The field that it is about, where it is one.
    package var field: String?
    package var text: String

    package init(field: String? = nil, _ text: String) {
        self.field = field
        self.text = text
    }
}
