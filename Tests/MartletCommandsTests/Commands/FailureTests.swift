import ArgumentParser
import Testing

@testable import MartletCommands

struct FailureTests {
    @Test func `an unreachable server is named, with what to do`() async throws {
        let run = try await run("status", "--url", "http://127.0.0.1:1")
        #expect(run.status == .unreachable)
        let lines = run.failure?.message.split(separator: "\n") ?? []
        #expect(lines.first == "The server at http://127.0.0.1:1 cannot be reached.")
        #expect(lines.last == #"Start one with "martlet serve", or say where it is with --url or MARTLET_URL."#)
    }

    @Test func `a refused token is named by its place`() async throws {
        let server = try LoopbackServer { _, _ in .problem("unauthorized", "No.", status: 401) }
        let run1 = try await run("status", server: server)
        #expect(run1.status == .unauthorized)
        #expect(run1.failure?.message.contains("the token from MARTLET_TOKEN") == true)
        let run2 = try await run("status", "--data", "/nowhere", server: server, environment: ["MARTLET_TOKEN": " "])
        #expect(
            run2.failure?.message.contains("looked at --token-file, MARTLET_TOKEN and /nowhere/admin.token") == true
        )
        #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer t0ken", nil])
    }

    @Test(arguments: [
        (LoopbackServer.Reply.problem("forbidden", "Not yours.", status: 403), CommandFailure.Status.unauthorized),
        (.problem("internal", "Broken.", status: 500), .failed), (.json("<html>", status: 502), .failed),
        (.json("<html>"), .failed), (.json("{}"), .failed), (.json("[]"), .failed), (.hangUp, .unreachable),
    ])
    func `every failure has its exit code and a sentence`(
        reply: LoopbackServer.Reply,
        status: CommandFailure.Status
    ) async throws {
        let server = try LoopbackServer { _, _ in reply }
        let run = try await run("status", server: server)
        #expect(run.status == status)
        #expect(run.failure?.message.isEmpty == false)
        #expect(run.output.isEmpty)
    }

    @Test func `an address that is none is a usage error`() async throws {
        #expect(try await run("status", "--url", "ftp://x").status == .usage)
    }

    @Test(arguments: [
        ["dead-letters", "redeliver"], ["dead-letters", "discard", "1", "--all"],
        ["dead-letters", "redeliver", "--all"],
        ["quarantine", "retry"], ["quarantine", "retry", "1", "--all"],
        ["resource", "VirtualMachine", "1", "--timeline", "-1"], ["publish"],
    ])
    func `an incomplete command line is a usage error`(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try MartletCommand.parseAsRoot(arguments) }
        #expect(error.map { MartletCommand.exitCode(for: $0) } == .validationFailure)
    }

    @Test func `every command has an example in its help`() {
        func check(_ command: any ParsableCommand.Type) {
            let help = MartletCommand.helpMessage(for: command, columns: 80)
            #expect(help.contains("EXAMPLE"), "\(command)")
            for subcommand in command.configuration.subcommands { check(subcommand) }
        }
        check(MartletCommand.self)
        #expect(
            MartletCommand.configuration.subcommands.isEmpty == false
                || !MartletCommand.configuration.groupedSubcommands.isEmpty
        )
        for group in MartletCommand.configuration.groupedSubcommands {
            for command in group.subcommands { check(command) }
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are printed for each shell`(shell: String) async throws {
        #expect(try await run("completions", shell).output.contains("dead-letters"))
    }
}
