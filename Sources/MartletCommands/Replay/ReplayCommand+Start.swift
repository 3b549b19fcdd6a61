import ArgumentParser
import Foundation
import MartletClient

extension ReplayCommand {
    /// `martlet replay start`
    struct Start: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "start",
            abstract: "Make a replay, and follow it until it has ended.",
            discussion: """
                --from and --to take a position, a time (2026-11-20T10:00:00Z, by when events were committed) or a duration back \
                from now (90s, 30m, 2h, 7d); --from also takes "earliest", --to "now". Positions are included, the time of --to is not.

                --sink takes the settings of a sink as a forwarder in the configuration has them, in YAML; or @FILE, which keeps \
                secrets out of the shell's history. ${NAME} and { file: PATH } are looked up by the server, when the replay runs.

                Ctrl-C ends this command and not the replay, unless --cancel-on-interrupt is given.

                The exit code is 1 when events failed, or when the replay was cancelled or paused.

                EXAMPLES
                  martlet replay start --forwarder billing --from 2026-11-20T10:00:00Z --to now --rate 200
                  martlet replay start --forwarder billing --from 1200 --to 1300 --dry-run
                  martlet replay start --sink "file: { path: /tmp/out.jsonl }" --from earliest --rate 0
                  martlet replay start --sink @sink.yaml --from 2h --match "*.UsageEvent.#" --detach
                """
        )

        @Option(help: ArgumentHelp("The forwarder to whose destination it goes.", valueName: "name"))
        var forwarder: String?

        @Option(help: ArgumentHelp("Another destination: the settings of a sink in YAML, or @FILE.", valueName: "yaml"))
        var sink: String?

        @Option(help: ArgumentHelp("The first event.", valueName: "place"))
        var from: String

        @Option(help: ArgumentHelp("The last event; the newest where nothing is said.", valueName: "place"))
        var to: String?

        @Option(help: ArgumentHelp("A topic pattern; may be repeated.", valueName: "pattern"))
        var match: [String] = []

        @Option(help: ArgumentHelp("Events a second, 0 for as fast as they are taken; 100 where nothing is said."))
        var rate: Int?

        @Option(help: ArgumentHelp("With --sink: original, event or enriched.", valueName: "form"))
        var body: String?

        @Option(help: ArgumentHelp("Why, for whoever sees it in the list.", valueName: "text"))
        var note: String?

        @Flag(help: "Count what would go, and send nothing.")
        var dryRun = false

        @Flag(help: "Do not follow it.")
        var detach = false

        @OptionGroup var following: ReplayFollowingOptions
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func validate() throws {
            guard (forwarder == nil) != (sink == nil) else {
                throw ValidationError("Say where to: --forwarder NAME, or --sink YAML.")
            }
            if body != nil, sink == nil {
                throw ValidationError(
                    "--body belongs to --sink: a forwarder's destination gets what it is configured to."
                )
            }
            if let rate, rate < 0 { throw ValidationError("--rate \(rate): use 0 or more.") }
        }

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let request = try makeRequest()
            if dryRun {
                return try await ReplayDryRun(server: server, context: context, json: following.json).run(request)
            }
            let replay = try await server.client.startReplay(request)
            if detach {
                if following.json { return try context.print(json: [replay.json]) }
                return try context.print(
                    "replay \(replay.id): \(Measures.count(replay.total)) events to look at; follow it with \"martlet replay follow \(replay.id)\""
                )
            }
            try await ReplayFollower(server: server, context: context, options: following).follow(replay)
        }

        private func makeRequest() throws -> ReplayRequest {
            let target: ReplayRequest.Target =
                if let forwarder { .forwarder(forwarder) } else { .sink(try sinkText()) }
            var request = ReplayRequest(target: target, from: from)
            request.to = to
            request.patterns = match
            request.rate = rate
            request.note = note
            request.body = body
            return request
        }

        private func sinkText() throws -> String {
            guard let sink, sink.hasPrefix("@") else { return sink ?? "" }
            let path = String(sink.dropFirst())
            do {
                return try String(contentsOfFile: path, encoding: .utf8)
            } catch {
                throw CommandFailure("The file \(path) cannot be read: \(error.localizedDescription)", status: .usage)
            }
        }
    }
}
