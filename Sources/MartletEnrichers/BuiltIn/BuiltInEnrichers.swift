package import MartletPipeline

/// The enrichers that Martlet comes with; a new one is a line here.
package enum BuiltInEnrichers {
    package static let all: [any EnricherType.Type] = [
        CloudStackEnricher.self
    ]
}
