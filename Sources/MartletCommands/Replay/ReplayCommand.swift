import ArgumentParser
import MartletClient

/// `martlet replay`
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send a part of the log again: to a forwarder's destination, or to another.",
        discussion: """
            A replay is a run of its own, beside the forwarder: the forwarder goes on, and its numbers stay as they are. Replayed \
            events are marked (replay: true), and are protected and filtered as the forwarder is configured now.

            EXAMPLES
              martlet replay start --forwarder billing --from 2026-11-20T10:00:00Z --to 2026-11-20T12:00:00Z
              martlet replay start --sink "file: { path: /tmp/out.jsonl }" --from 2h --match "*.UsageEvent.#"
              martlet replay list
              martlet replay follow 3
            """,
        subcommands: [
            Start.self, List.self, Show.self, Follow.self, Pause.self, Resume.self, Cancel.self, Failures.self,
        ]
    )
}

/// The options of commands that show how a replay gets on.
struct ReplayFollowingOptions: ParsableArguments {
    @Flag(help: "End the replay when this command is interrupted; else it goes on in the server.")
    var cancelOnInterrupt = false

    @Flag(help: "Print replays in JSON: one a line, the last one when it has ended.")
    var json = false

    @OptionGroup var colour: ColourOption
}
