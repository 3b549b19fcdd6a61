import MartletPipeline
import Yams

// `readers`: who may read over the API, and what of it.

extension ConfigurationReader {
    /// Whoever has the token is the reader: it is not to be guessed.
    private static let leastTokenLength = 24
    private static let maximumReaders = 1_000

    func readers(_ node: Node, path: String) -> [Configuration.ReaderConfiguration] {
        let members = mapping(node, path: path, known: nil)
        guard members.count <= Self.maximumReaders else {
            report("has more than \(Self.maximumReaders) readers", at: node, path: path)
            return []
        }
        var owners: [String: String] = [:]
        return members.compactMap { name, keyNode, value in
            let path = path.appending(key: name)
            guard let reader = reader(name, value, at: keyNode, path: path) else { return nil }
            for token in reader.tokens {
                if let other = owners.updateValue(name, forKey: token) {
                    report(
                        "has the same token as the reader \(other); make one of its own: openssl rand -base64 32",
                        at: keyNode,
                        path: path.appending(key: "token")
                    )
                }
            }
            return reader
        }
    }

    private func reader(
        _ name: String,
        _ node: Node,
        at keyNode: Node,
        path: String
    ) -> Configuration.ReaderConfiguration? {
        guard isName(name, at: keyNode, path: path) else { return nil }
        var tokens: [String]?
        var protection = Protection.none
        for (key, _, value) in mapping(node, path: path, known: ["token", "protect"]) {
            let path = path.appending(key: key)
            switch key {
            case "token": tokens = self.tokens(value, path: path)
            default: protection = self.protection(value, path: path)
            }
        }
        guard let tokens else {
            report(
                "“token” is missing: what the reader identifies itself with, { file: … } or ${NAME}",
                at: keyNode,
                path: path
            )
            return nil
        }
        return Configuration.ReaderConfiguration(name: name, tokens: tokens, protection: protection)
    }

    /// One, or two while one is being changed. None is ever quoted.
    private func tokens(_ node: Node, path: String) -> [String] {
        strings(node, path: path).filter { token in
            let isGood =
                token.utf8.count >= Self.leastTokenLength && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            if !isGood {
                report(
                    "is too short, or has blanks or other characters that a header cannot carry; make one: "
                        + "openssl rand -base64 32",
                    at: node,
                    path: path
                )
            }
            return isGood
        }
    }
}
