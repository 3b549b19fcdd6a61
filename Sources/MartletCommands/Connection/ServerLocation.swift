/// Where a server is said to be, and what token to show, each with the place it was found in.
struct ServerLocation: Sendable, Hashable {
    /// Where a server listens that was told nothing else.
    static let defaultAddress = "http://127.0.0.1:8585"

    var address: String
    var token: String?
    /// `MARTLET_TOKEN`, or a file's path; where there is no token, all the places that had none.
    var tokenOrigin: String

    /// - Parameters:
    ///   - read: the text of a file; nil where there is none.
    /// - Throws: ``CommandFailure`` where a file that was asked for cannot be read, or a token is no token.
    init(
        _ options: ConnectionOptions,
        environment: [String: String],
        read: (String) throws -> String?
    ) throws {
        let files = (address: "\(options.data)/listen.url", token: "\(options.data)/admin.token")
        let named = options.url ?? environment["MARTLET_URL"]?.nonBlank
        let address = try named ?? read(files.address)?.nonBlank ?? Self.defaultAddress
        // `127.0.0.1:8585` is what people write; a host name with a port could be read as a scheme.
        self.address = address.contains("://") ? address : "http://\(address)"

        if let file = options.tokenFile {
            guard let text = try read(file)?.nonBlank else {
                throw CommandFailure("There is no token in \(file).", status: .unauthorized)
            }
            (token, tokenOrigin) = (text, file)
        } else if let text = environment["MARTLET_TOKEN"]?.nonBlank {
            (token, tokenOrigin) = (text, "MARTLET_TOKEN")
        } else if let text = try read(files.token)?.nonBlank {
            (token, tokenOrigin) = (text, files.token)
        } else {
            (token, tokenOrigin) = (nil, "--token-file, MARTLET_TOKEN and \(files.token)")
        }
        guard token?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) ?? true else {
            throw CommandFailure(
                "The token of \(tokenOrigin) has blanks or other characters that no token has.",
                status: .unauthorized
            )
        }
    }
}

extension String {
    /// Without white space around it; nil where nothing is left.
    var nonBlank: String? {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(start[...end])
    }
}
