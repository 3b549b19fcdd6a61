/// The call that makes the webhook in CloudStack, and the secret that both sides share.
struct WebhookFiles {
    let target: WebhookTarget

    /// Where Martlet is to find the secret, where the user has named no file.
    static let secretPath = "/etc/martlet/cloudstack-webhook.secret"
    static let scriptPath = "/etc/martlet/create-webhook.sh"

    /// The file with the secret, as Martlet is to be told.
    var secretFile: String { target.secretFile ?? Self.secretPath }

    var files: [SetupFile] {
        var files = [SetupFile(target: Self.scriptPath, content: script, owner: "root", group: "root")]
        if target.secretFile == nil {
            files.append(
                SetupFile(
                    target: Self.secretPath,
                    content: target.secret + "\n",
                    isSecret: true,
                    owner: "martlet",
                    group: "martlet"
                )
            )
        }
        return files
    }

    /// The call to CloudMonkey. The secret stays in its file until the call is made.
    func call(secretFile: String) -> [String] {
        [
            "cmk create webhook name=\(target.name.quotedForShell) scope=Global \\",
            "  sslverification=\(target.url.lowercased().hasPrefix("https:")) \\",
            "  payloadurl=\(target.url.quotedForShell) \\",
            "  secretkey=\"$(cat \(secretFile.quotedForShell))\"",
        ]
    }

    private var script: String {
        let lines = [
            "#!/bin/sh",
            "# Makes the webhook that posts CloudStack's actions to Martlet. Needs CloudMonkey (cmk) with a profile of a",
            "# root administrator: nobody else can make one that covers all accounts.", "set -eu",
            "secret=${1:-\(secretFile.quotedForShell)}",
            "cmk create webhook name=\(target.name.quotedForShell) scope=Global \\",
            "  sslverification=\(target.url.lowercased().hasPrefix("https:")) \\",
            "  payloadurl=\(target.url.quotedForShell) \\", "  secretkey=\"$(cat \"$secret\")\"",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// The text as one word of a POSIX shell.
    var quotedForShell: String {
        let isPlain = !isEmpty && utf8.allSatisfy(\.isPlainInShell)
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}

extension UInt8 {
    fileprivate var isPlainInShell: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "_-./:@,+=%".utf8.contains(self)
        }
    }
}
