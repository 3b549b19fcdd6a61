/// The names that credentials go by in the clouds' events.
enum CredentialNames {
    /// Lower case, without `-` and `_`.
    private static let names = [
        // Sessions and tokens of HTTP.
        "session", "sessionkey", "sessionid", "jsessionid", "cookie", "authorization", "token", "accesstoken",
        "refreshtoken", "idtoken", "bearertoken",
        // CloudStack: signed requests, accounts, virtual machines, VPN gateways, certificates.
        "signature", "apikey", "secretkey", "userapikey", "usersecretkey", "password", "passwd", "newpassword",
        "oldpassword", "currentpassword", "vncpassword", "vmpassword", "rootpassword", "presharedkey", "ipsecpsk",
        "privatekey", "sshprivatekey",
        // OpenStack: request contexts, servers, VPN connections, the consoles of bare metal.
        "authtoken", "xauthtoken", "xsubjecttoken", "xservicetoken", "servicetoken", "contextauthtoken",
        "servicecatalog",
        "contextservicecatalog", "adminpass", "adminpassword", "authkey",
        "psk", "ipmipassword", "redfishpassword", "dracpassword", "ilopassword", "irmcpassword", "snmpauthkey",
        "snmpprivkey",
        // Anybody's.
        "accesskey", "secret", "clientsecret", "sharedsecret", "passphrase",
    ]

    private static let table = NameTable(names)
    private static let longest = names.map(\.utf8.count).max() ?? 0
    /// For each last letter of a name, `a` first, a bit for each letter before it, `a` lowest: most keys of an event fail here.
    private static let endings = names.reduce(into: [UInt32](repeating: 0, count: 26)) { endings, name in
        let letters = name.utf8.suffix(2).map { Int($0 - UInt8(ascii: "a")) }
        endings[letters[1]] |= 1 << UInt32(letters[0])
    }

    /// Whether this is a credential's name, in any case, with or without `-` and `_`.
    static func contains(_ name: some BidirectionalCollection<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { folded in
            var count = 0
            for byte in name where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "_") {
                guard count < folded.count else { return false }
                folded[count] = byte | 0x20
                count += 1
            }
            return table.number(of: folded[..<count]) != nil
        }
    }

    /// Whether a credential's name ends here in a text, whose escapes may still stand in it: in `\npassword` the `n` is
    /// none of the name's, nor is `u0026` in `\u0026password`.
    static func isName(endingBefore end: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard end > 1, mayEndName(text[end - 2], text[end - 1]) else { return false }
        var start = end
        while start > 0, isNameByte(text[start - 1]) { start -= 1 }
        if contains(text[start..<end]) { return true }
        guard start > 0, text[start - 1] == UInt8(ascii: "\\") else { return false }
        return contains(text[start..<end].dropFirst(text[start] == UInt8(ascii: "u") ? 5 : 1))
    }

    /// Whether the byte can stand in a name that is looked for.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
    }

    private static func mayEndName(_ first: UInt8, _ last: UInt8) -> Bool {
        guard let last = letterNumber(last), let first = letterNumber(first) else {
            // A hyphen or an underscore, which do not count.
            return isNameByte(first) && isNameByte(last)
        }
        return endings[last] & (1 << UInt32(first)) != 0
    }

    private static func letterNumber(_ byte: UInt8) -> Int? {
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) ? Int(letter - UInt8(ascii: "a")) : nil
    }
}
