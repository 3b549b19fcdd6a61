/// Why a batch was not taken.
package struct IntakeError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; new ones may come.
    package struct Code: RawRepresentable, Sendable, Hashable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// More has come in than is committed: hand it over again later.
        package static let overloaded = Code(rawValue: "intake.overloaded")
        /// The intake is stopping or has stopped.
        package static let stopped = Code(rawValue: "intake.stopped")
    }

    package var code: Code
    package var reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static let overloaded = IntakeError(.overloaded, "More events come in than the disk takes.")

    package var description: String { "\(code.rawValue): \(reason)" }
}
