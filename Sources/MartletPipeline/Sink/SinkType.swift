package import Logging

/// A kind of sink: its description, and how one is made. A new sink is one of these and a line in the list of built-in ones.
package protocol SinkType: Sink {
    static var description: ComponentDescription { get }

    /// Checks the settings and makes the sink; reaches no network.
    ///
    /// - Throws: ``ComponentError`` for what the description cannot express.
    init(settings: ComponentSettings, context: ComponentContext) throws

    /// What is not wrong with the settings, but worth a word; what is wrong is thrown. Reaches no network.
    static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning]
}

extension SinkType {
    package static func check(_ settings: ComponentSettings, context: ComponentContext) throws -> [ComponentWarning] {
        _ = try Self(settings: settings, context: context)
        return []
    }
}

/// What a component is made with besides its settings.
package struct ComponentContext: Sendable {
    /// The forwarder's or source's name.
    package var name: String
    /// How events leave: a sink that puts several into one body must know.
    package var body: BodyForm
    package var time: any TimeSource
    package var logger: Logger

    package init(name: String, body: BodyForm, time: any TimeSource, logger: Logger) {
        self.name = name
        self.body = body
        self.time = time
        self.logger = logger
    }
}

/// A kind of source that takes in by itself.
package protocol SourceType: Source {
    static var description: ComponentDescription { get }

    /// Checks the settings and makes the source; opens nothing yet.
    ///
    /// - Throws: ``ComponentError`` for what the description cannot express.
    init(settings: ComponentSettings, port: SourcePort, store: any EventStore, context: ComponentContext) throws

    /// What is not wrong with the settings, but worth a word. Reaches no network.
    ///
    /// - Throws: ``ComponentError`` for what the description cannot express.
    static func check(_ settings: ComponentSettings) throws -> [ComponentWarning]
}

extension SourceType {
    package static func check(_ settings: ComponentSettings) throws -> [ComponentWarning] { [] }
}
