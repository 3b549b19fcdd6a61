import Foundation
import MartletJSON
import MartletTesting
import Testing

/// The command line as its users run it, against a real server.
@Suite struct CommandLineTests {
    private static let lines = (1...3).map {
        #"{"eventDateTime":"2026-03-05 14:20:3\#($0) +0530","status":"Completed","description":"Error while starting Vm","event":"VM.START","entity":"VirtualMachine","entityuuid":"6f1c0f6e-51c2-4f0e-8c40-1f5a8c1f7a0\#($0)","user":"u","account":"a"}"#
    }.joined(separator: "\n")

    @Test func `events are published, listed, and looked at`() async throws {
        let server = try await Server()
        let published = try await Command.martlet("publish", "-", on: server, input: Self.lines)
        #expect(published.status == 0, "\(published.errors)")
        #expect((published.output + published.errors).contains("accepted 3"))
        let listed = try await Command.martlet("events", "*.*.*.VirtualMachine.#", on: server)
        #expect(listed.status == 0)
        #expect(listed.output.split(separator: "\n").filter { $0.contains("VM.START") }.count == 3, "\(listed.output)")
        #expect(!listed.output.contains("\u{1B}"), "No colour where nobody sees it.")
        let json = try await Command.martlet("events", "--json", "--after", "1", on: server)
        let events = try json.output.split(separator: "\n").map { try JSONDocument(parsing: String($0)).root }
        #expect(events.map { $0["position"]?.string } == ["2", "3"])
        let resource = try await Command.martlet(
            "resource",
            "VirtualMachine",
            "6f1c0f6e-51c2-4f0e-8c40-1f5a8c1f7a02",
            on: server
        )
        #expect(resource.status == 0)
        #expect(resource.output.contains("VM.START"))
        let status = try await Command.martlet("status", on: server)
        #expect(status.output.contains("cloudstack"))
    }

    @Test func `bad items end with 1 and are named`() async throws {
        let server = try await Server()
        let published = try await Command.martlet("publish", "-", on: server, input: Self.lines + "\n{\"cut\": \n")
        #expect(published.status == 1)
        #expect(published.errors.contains("4"), "\(published.errors)")
    }

    @Test func `every command helps with an example`() async throws {
        let commands = [
            ["serve"], ["check"], ["status"], ["demo"], ["publish"], ["events"], ["resource"], ["search"],
            ["forwarders", "list"], ["forwarders", "pause"], ["forwarders", "resume"], ["dead-letters", "list"],
            ["dead-letters", "show"], ["dead-letters", "redeliver"], ["dead-letters", "discard"],
            ["quarantine", "list"],
            ["quarantine", "retry"], ["components"], ["completions"], ["version"],
        ]
        for command in commands {
            let help = try await Command.run(Server.binary.path, command + ["--help"])
            #expect(help.status == 0, "\(command)")
            #expect(help.output.contains("EXAMPLE"), "\(command)")
        }
    }

    @Test func `exit codes tell what went wrong`() async throws {
        let server = try await Server()
        #expect(try await Command.martlet("events", "--nonsense", on: server).status == 64)
        #expect(try await Command.run(Server.binary.path, ["status", "--url", "http://127.0.0.1:1"]).status == 69)
        let refused = try await Command.run(
            Server.binary.path,
            ["status"],
            environment: ["MARTLET_URL": server.url, "MARTLET_TOKEN": "wrong"]
        )
        #expect(refused.status == 77)
        let directory = try ScratchDirectory.make()
        let file = directory.appending(path: "bad.yaml")
        try "listen: here\nforwarders: { a: { webhook: {}, where: x } }\n".write(
            to: file,
            atomically: true,
            encoding: .utf8
        )
        for arguments in [["check", file.path], ["serve", "--config", file.path]] {
            let result = try await Command.run(Server.binary.path, arguments)
            #expect(result.status == 78, "\(arguments)")
            for place in ["1:9", "2:"] { #expect(result.errors.contains(place), "\(result.errors)") }
            #expect(result.errors.contains("not built yet"), "\(result.errors)")
        }
        let unknown = try await Command.martlet("resource", "VirtualMachine", "nobody", on: server)
        #expect(unknown.status == 1)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are printed`(shell: String) async throws {
        let result = try await Command.run(Server.binary.path, ["completions", shell])
        #expect(result.status == 0)
        #expect(result.output.contains("dead-letters"))
    }
}
