import Crypto
import Foundation
import MartletPipeline

/// The administrator's token: made at the first start, stored hashed, in the clear only in a file that its owner alone reads.
enum AdminToken {
    static let fileName = "admin.token"
    private static let settingName = "admin-token-sha256"

    /// The hash to check requests against; makes the token where the store has none.
    ///
    /// A token file that is taken away stays away: the hash is enough to check. One that is changed is taken as the new
    /// token, which is how a token is replaced.
    static func prepare(in directory: String, store: any EventStore) async throws -> String {
        let file = directory + "/" + fileName
        if let token = try? String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(
            in: .whitespacesAndNewlines
        ),
            !token.isEmpty
        {
            let hash = hash(of: token)
            if try await store.setting(settingName) != hash { try await store.setSetting(settingName, to: hash) }
            return hash
        }
        if let hash = try await store.setting(settingName) { return hash }
        let token = make()
        try write(token, to: file)
        let hash = hash(of: token)
        try await store.setSetting(settingName, to: hash)
        return hash
    }

    /// SHA-256 in lower-case hexadecimal.
    static func hash(of token: String) -> String {
        SHA256.hash(data: Data(token.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// 256 random bits, in letters that need no quoting anywhere.
    private static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return "martlet_"
            + Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=",
                with: ""
            )
    }

    private static func write(_ token: String, to file: String) throws {
        // Made with its mode, so that there is no moment at which others could read it.
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw GatewayError("The token file \(file) cannot be written: \(String(cString: strerror(errno))).")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data((token + "\n").utf8))
        try handle.synchronize()
    }
}
