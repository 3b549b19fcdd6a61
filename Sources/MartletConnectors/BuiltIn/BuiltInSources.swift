package import MartletPipeline

/// The sources that Martlet comes with; a new one is a line here.
package enum BuiltInSources {
    /// Those that take in by themselves.
    package static let all: [any SourceType.Type] = [
        FileSource.self,
        StdinSource.self,
    ]
}
