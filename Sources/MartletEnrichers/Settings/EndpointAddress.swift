import MartletTransfer

/// The address of an API, as a configuration gives it.
struct EndpointAddress {
    let text: String

    /// What is wrong with it and what would be right; `nil` where nothing is.
    var fault: String? {
        guard let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix) else {
            return "has to begin with https:// or http://"
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "contains a blank or a control character: percent-encode it"
        }
        guard let first = text.dropFirst(scheme.count).first, !"/?#:".contains(first) else {
            return "names no host: write it as https://host/path"
        }
        guard !text.contains(where: { "?#@".contains($0) }) else {
            return "has ?, # or @ in it: give the bare address, credentials have fields of their own"
        }
        return nil
    }

    /// Whether what is sent would cross a network unencrypted.
    var isPlain: Bool { PlainAddress(text).isExposed }
}
