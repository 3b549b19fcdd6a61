/// What a component says about itself: the one place behind validation, documentation and `martlet components`.
package struct ComponentDescription: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case source, sink, enricher, format
    }

    package var kind: Kind
    /// The key in the configuration: `webhook`.
    package var name: String
    /// One sentence: what it does.
    package var summary: String
    package var fields: [FieldDescription]
    /// A piece of configuration that works, in YAML.
    package var example: String

    package init(kind: Kind, name: String, summary: String, fields: [FieldDescription], example: String) {
        self.kind = kind
        self.name = name
        self.summary = summary
        self.fields = fields
        self.example = example
    }
}

/// One field of a component's configuration.
package struct FieldDescription: Sendable, Hashable {
    package enum Form: Sendable, Hashable {
        case string
        /// A string that is never shown; may be given as `${ENV}` or `{ file: … }`.
        case secret
        case url
        case path
        case boolean
        case integer(ClosedRange<Int>)
        /// `500ms`, `15s`, `5m`, `1h`, `30d`.
        case duration
        /// `512`, `64KiB`, `10MiB`, `2GiB`.
        case bytes
        case choice([String])
        case strings
        /// One secret or a list of them.
        case secrets
        /// Names with string values.
        case table
        /// Fields of its own, which belong together.
        case section([FieldDescription])
    }

    package var name: String
    package var form: Form
    package var isRequired: Bool
    /// As a user would write it; `nil` where there is none.
    package var defaultText: String?
    package var summary: String

    package init(
        _ name: String,
        _ form: Form,
        isRequired: Bool = false,
        default defaultText: String? = nil,
        _ summary: String
    ) {
        self.name = name
        self.form = form
        self.isRequired = isRequired
        self.defaultText = defaultText
        self.summary = summary
    }
}
