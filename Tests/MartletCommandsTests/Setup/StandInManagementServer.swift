import Foundation
import MartletTesting
import Testing

@testable import MartletCommands

/// A stand-in for a management server: it checks the signature of a call as CloudStack's documentation says, refuses the key as
/// CloudStack does, and publishes the event of that failure. It knows nothing else of CloudStack.
struct StandInManagementServer {
    static let keys = CloudStackKeys(apiKey: "test-api-key", secretKey: "test-secret-key")

    /// In the shape that CloudStack gives it.
    static let event = #"""
        {"eventDateTime":"2026-01-30 12:00:00 +0000","status":"Completed","event":"REGISTER.SSH.KEYPAIR","account":"a","user":"u",
        "description":"Error while registering ssh keypair","Account":"a"}
        """#

    let server: LoopbackServer

    /// - Parameter publish: hands an event to the broker; called before the answer, as CloudStack does.
    init(publish: @escaping @Sendable (String) -> Void) throws {
        server = try LoopbackServer { request, _ in
            guard request.method == "POST", request.path == "/client/api" else { return .json("", status: 404) }
            var fields = request.body.split(separator: "&").map { String($0) }
            guard let index = fields.firstIndex(where: { $0.hasPrefix("signature=") }) else { return Self.unauthorized }
            let signature = fields.remove(at: index).dropFirst("signature=".count).removingPercentEncoding
            // Here, not in the client's code: the names in order, the whole in lower case, under HMAC-SHA1.
            let text = fields.sorted().joined(separator: "&").lowercased()
            guard signature == Self.hmac(text, key: Self.keys.secretKey),
                fields.contains("apikey=\(Self.keys.apiKey)"), fields.contains("command=registerSSHKeyPair")
            else { return Self.unauthorized }
            publish(Self.event)
            return .json(
                #"{"registersshkeypairresponse":{"uuidList":[],"errorcode":431,"cserrorcode":4350,"errortext":"Public key is invalid"}}"#,
                status: 431
            )
        }
    }

    private static let unauthorized = LoopbackServer.Reply.json(
        #"{"registersshkeypairresponse":{"errorcode":401,"errortext":"unable to verify user credentials and/or request signature"}}"#,
        status: 401
    )

    /// By openssl, which shares nothing with the code under test.
    private static func hmac(_ text: String, key: String) -> String? {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl", "dgst", "-sha1", "-hmac", key, "-binary"]
        (process.standardInput, process.standardOutput) = (input, output)
        do {
            try process.runWithSignals()
            try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
            try input.fileHandleForWriting.close()
            let code = try output.fileHandleForReading.readToEnd()
            process.waitUntilExit()
            return code?.base64EncodedString()
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
