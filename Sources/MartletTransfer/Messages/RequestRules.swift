/// What a request must satisfy before a byte of it is sent: nothing in it may be read as the end of a line or of the message.
extension HTTPRequest {
    /// Throws the first fault found. Values are not quoted in the message, for they may be secrets.
    func validate() throws(TransferError) {
        guard let scheme = URLScheme(of: url) else {
            throw TransferError(.badURL, "The URL is not absolute: it has to begin with https:// or http://.")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw TransferError(.badURL, "The URL contains a space or a control character: percent-encode it.")
        }
        guard scheme == .https || networks.allowsPlainHTTP else {
            throw TransferError(
                .badURL,
                "The URL of \(Origin.name(of: url)) is not encrypted: use https, or allow plain http."
            )
        }
        guard method.utf8.isToken else {
            throw TransferError(.badRequest, "The method is not a word: use one like GET or POST.")
        }
        if method == "HEAD", !body.isEmpty {
            throw TransferError(.badRequest, "A HEAD request has no content: leave the body empty.")
        }
        for header in headers {
            try Self.validate(name: header.name, value: header.value)
        }
    }

    private static func validate(name: String, value: String) throws(TransferError) {
        guard name.utf8.isToken else {
            throw TransferError(
                .badRequest,
                "A header's name is empty or has characters other than letters, digits and hyphens."
            )
        }
        // A tab is the only control character that a field may contain (RFC 9110, section 5.5).
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw TransferError(.badRequest, "The header \(name) contains a line break or another control character.")
        }
        guard !framing.contains(where: { $0.equalsIgnoringCase(name.utf8) }) else {
            throw TransferError(.badRequest, "The header \(name) is set by the client itself: leave it out.")
        }
    }

    private static let framing = ["content-length", "transfer-encoding", "connection", "expect"].map { Array($0.utf8) }
}

/// The schemes that are spoken.
private enum URLScheme {
    case http, https

    init?(of url: String) {
        if Array("https://".utf8).equalsIgnoringCase(url.utf8.prefix(8)) {
            self = .https
        } else if Array("http://".utf8).equalsIgnoringCase(url.utf8.prefix(7)) {
            self = .http
        } else {
            return nil
        }
    }
}

extension Collection where Element == UInt8 {
    /// Whether it is a token of RFC 9110, section 5.6.2: what methods and field names are made of.
    fileprivate var isToken: Bool {
        !isEmpty
            && allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Whether both have the same bytes, ASCII letters of either case being the same.
    func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}
