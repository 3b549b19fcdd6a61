import ArgumentParser
import MartletGateway
import Testing

@testable import MartletCommands

struct TryCommandTests {
    @Test func `a wrong address is a wrong command line`() async throws {
        let run = try await run("try", "http://mq1/")
        #expect(run.status == .usage)
        #expect(run.failure?.message.contains("kafka://HOST:PORT/topic") == true)
    }

    @Test func `a user without a password is told where to put it`() async throws {
        let run = try await run("try", "amqp://martlet@mq1/")
        #expect(run.status == .usage)
        #expect(run.failure?.message == "There is no password for the user martlet: give it in MARTLET_PASSWORD.")
    }

    @Test(arguments: [["--seconds", "0"], ["--events", "0"], ["--seconds", "x"], ["--format", "syslog"]])
    func `bounds and formats that are none are refused`(options: [String]) {
        #expect(throws: (any Error).self) { try MartletCommand.parseAsRoot(["try", "kafka://k1/cs"] + options) }
    }

    @Test(
        arguments: [
            ("amqp://u:inAddress@mq1", ["MARTLET_PASSWORD": "inEnvironment"], true, "inAddress"),
            ("amqp://u@mq1", ["MARTLET_PASSWORD": "inEnvironment"], true, "inEnvironment"),
            ("amqp://u@mq1", ["MARTLET_PASSWORD": ""], true, "typed"), ("amqp://u@mq1", [:], true, "typed"),
            ("amqp://mq1", ["MARTLET_PASSWORD": "inEnvironment"], true, nil), ("amqp://u:@mq1", [:], false, ""),
        ] as [(String, [String: String], Bool, String?)]
    )
    func `the password comes from the address, the environment or the user, in that order`(
        address: String,
        environment: [String: String],
        isInteractive: Bool,
        password: String?
    ) throws {
        let terminal = Terminal(outputWidth: nil, errorWidth: nil, isInteractive: isInteractive)
        let asked = TrialPassword(environment: environment, terminal: terminal) { _ in "typed" }
        #expect(try asked.password(for: TrialAddress(address)) == password)
    }
}
