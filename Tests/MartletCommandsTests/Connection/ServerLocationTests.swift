import ArgumentParser
import Testing

@testable import MartletCommands

struct ServerLocationTests {
    private func locate(
        _ arguments: [String] = [],
        _ environment: [String: String] = [:],
        files: [String: String] = [:]
    ) throws -> ServerLocation {
        try ServerLocation(ConnectionOptions.parse(arguments), environment: environment) { files[$0] }
    }

    @Test func `the address is what is nearest: option, environment, data directory, default`() throws {
        let files = ["./martlet-data/listen.url": "http://127.0.0.1:9001\n"]
        let environment = ["MARTLET_URL": "http://b:2"]
        #expect(try locate(["--url", "http://a:1"], environment, files: files).address == "http://a:1")
        #expect(try locate([], environment, files: files).address == "http://b:2")
        #expect(try locate([], ["MARTLET_URL": " "], files: files).address == "http://127.0.0.1:9001")
        #expect(try locate().address == "http://127.0.0.1:8585")
    }

    @Test func `an address without a scheme is one of http`() throws {
        #expect(try locate(["--url", "localhost:8585"]).address == "http://localhost:8585")
    }

    @Test func `the token is what is nearest, and its place is remembered`() throws {
        let files = ["./martlet-data/admin.token": "three\n", "t": " one\n", "d/admin.token": "four"]
        let environment = ["MARTLET_TOKEN": "two"]
        let first = try locate(["--token-file", "t"], environment, files: files)
        #expect((first.token, first.tokenOrigin) == ("one", "t"))
        let second = try locate([], environment, files: files)
        #expect((second.token, second.tokenOrigin) == ("two", "MARTLET_TOKEN"))
        let third = try locate([], files: files)
        #expect((third.token, third.tokenOrigin) == ("three", "./martlet-data/admin.token"))
        #expect(try locate(["--data", "d"], files: files).token == "four")
    }

    @Test func `where there is no token all places are named`() throws {
        let location = try locate(["--data", "d"])
        #expect(location.token == nil)
        #expect(location.tokenOrigin == "--token-file, MARTLET_TOKEN and d/admin.token")
    }

    @Test func `a token file that is missing or holds no token is refused`() {
        #expect(throws: CommandFailure("There is no token in t.", status: .unauthorized)) {
            try locate(["--token-file", "t"])
        }
        #expect(throws: CommandFailure.self) { try locate(["--token-file", "t"], files: ["t": "two words"]) }
    }
}
