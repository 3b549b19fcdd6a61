package import Testing

/// Returns when a condition holds; records an issue when it has not after `patience`.
///
/// For what another process or a socket brings about, and no callback tells of: everything else is awaited.
package func eventually(
    _ what: Comment,
    patience: Duration = .seconds(60),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    while clock.now < deadline {
        if try await condition() { return }
        try await clock.sleep(for: .milliseconds(10))
    }
    Issue.record("It did not come true: \(what)", sourceLocation: sourceLocation)
}
