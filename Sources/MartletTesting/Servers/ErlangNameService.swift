import Foundation

/// The `epmd` of one test server or cluster: how Erlang nodes find each other, and the cookie that lets them in.
package final class ErlangNameService: Sendable {
    let environment: [String: String]
    private let process: ServerProcess

    package init() throws {
        let home = try ScratchDirectory.make()
        let cookie = home.appending(path: ".erlang.cookie")
        try UUID().uuidString.write(to: cookie, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: cookie.path)
        let port = try FreePort.next()
        environment = [
            "HOME": home.path, "ERL_EPMD_PORT": "\(port)", "ERL_EPMD_ADDRESS": "127.0.0.1",
        ]
        process = try ServerProcess(
            "epmd",
            [],
            environment: environment,
            log: home.appending(path: "epmd.log"),
            removing: home
        )
    }
}
