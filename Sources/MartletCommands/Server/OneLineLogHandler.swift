import Logging

/// The log on standard error: one line for each message, whatever is in it.
///
/// Reasons and names in a message may come from brokers, receivers and events. A line break in one would begin a line that
/// nobody has written, and an escape sequence would be obeyed by the terminal that shows the log.
struct OneLineLogHandler: LogHandler {
    private var inner: any LogHandler

    init(_ inner: any LogHandler) { self.inner = inner }

    /// Writes to standard error.
    static func standardError(label: String) -> OneLineLogHandler {
        OneLineLogHandler(StreamLogHandler.standardError(label: label))
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(event.message.description.withoutControls)"
        event.metadata = event.metadata?.mapValues(\.withoutControls)
        inner.log(event: event)
    }

    var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue.mapValues(\.withoutControls) }
    }

    var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue?.withoutControls }
    }
}

extension Logger.MetadataValue {
    fileprivate var withoutControls: Logger.MetadataValue { .string(description.withoutControls) }
}
