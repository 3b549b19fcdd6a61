package import MartletPipeline

/// The enrichers that Martlet comes with; a new one is a line here.
package enum BuiltInEnrichers {
    /// Those that ask.
    package static let all: [any EnricherType.Type] = [
        CloudStackEnricher.self,
        OpenStackEnricher.self,
    ]

    /// What they say about themselves, and what the table says that asks nobody.
    package static let descriptions = all.map { $0.description } + [LookupEnricher.description]
}
