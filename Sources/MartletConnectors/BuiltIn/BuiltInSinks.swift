package import MartletPipeline

/// The sinks that Martlet comes with; a new one is a line here.
package enum BuiltInSinks {
    package static let all: [any SinkType.Type] = [
        FileSink.self,
        LogSink.self,
        WebhookSink.self,
        ZaqarSink.self,
    ]
}
