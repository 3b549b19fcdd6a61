/// Debian's kcat: a client of Kafka that knows nothing of Martlet.
package enum Kcat {
    /// Produces each line of a text as a message.
    ///
    /// - Parameters:
    ///   - partition: where they go; spread by their keys where none is named.
    ///   - options: more of kcat's: `-H name=value` for a header, `-K |` for a key before each value.
    package static func produce(
        _ lines: String,
        to topic: String,
        partition: Int? = nil,
        options: [String] = [],
        at servers: String
    ) async throws {
        var arguments = ["-P", "-q", "-b", servers, "-t", topic]
        if let partition { arguments += ["-p", "\(partition)"] }
        _ = try await run(arguments + options, input: lines)
    }

    /// The messages of a topic from its beginning to its end, one a line in kcat's form `format`.
    package static func consume(
        _ topic: String,
        format: String = "%s\n",
        options: [String] = [],
        at servers: String
    ) async throws -> [String] {
        let arguments = ["-C", "-q", "-e", "-o", "beginning", "-b", servers, "-t", topic, "-f", format]
        return try await run(arguments + options).split(separator: "\n").map(String.init)
    }

    @discardableResult private static func run(_ arguments: [String], input: String = "") async throws -> String {
        let result = try await Command.run("kcat", arguments, input: input)
        guard result.status == 0 else {
            throw ServerProcess.Failure("kcat \(arguments.joined(separator: " ")): \(result.errors)")
        }
        return result.output
    }
}
