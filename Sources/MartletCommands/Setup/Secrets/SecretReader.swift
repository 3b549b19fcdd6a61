import Foundation

/// Where a secret comes from: a file, the environment, or somebody at the keyboard. Never the command line, which others can read.
struct SecretReader {
    let context: CommandContext

    /// - Parameters:
    ///   - name: what it is, as in `the password`.
    ///   - option: the option that names the file.
    ///   - variable: the variable of the environment.
    /// - Throws: ``CommandFailure`` where there is none, or it has characters that no secret has.
    func read(_ name: String, file: String?, option: String, variable: String) throws -> String {
        if let file { return try check(Self.content(of: file, name), name, origin: file) }
        if let value = context.environment[variable]?.nonBlank { return try check(value, name, origin: variable) }
        if context.terminal.isInteractive, let answer = try HiddenInput(context: context).ask(name)?.nonBlank {
            return try check(answer, name, origin: "the keyboard")
        }
        throw CommandFailure("There is no \(name): name a file with \(option), or set \(variable).", status: .usage)
    }

    /// The first line of a file, without white space around it.
    static func content(of file: String, _ name: String) throws -> String {
        var bytes: [UInt8] = []
        let input = try InputFile(path: file)
        while bytes.count <= maximumBytes {
            let piece = try input.read(atMost: maximumBytes)
            if piece.isEmpty { break }
            bytes += piece
        }
        guard bytes.count <= maximumBytes, let text = String(validating: bytes, as: UTF8.self)?.nonBlank else {
            throw CommandFailure("There is no \(name) in \(input.name): it is empty, or no text.", status: .usage)
        }
        return text
    }

    private static let maximumBytes = 16 << 10

    private func check(_ secret: String, _ name: String, origin: String) throws -> String {
        guard secret.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }) else {
            throw CommandFailure(
                "The \(name) from \(origin) has line breaks or other control characters.",
                status: .usage
            )
        }
        return secret
    }
}
