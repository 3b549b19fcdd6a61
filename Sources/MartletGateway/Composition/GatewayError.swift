/// Why a server could not be started: a sentence for the operator, with the remedy.
package struct GatewayError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
