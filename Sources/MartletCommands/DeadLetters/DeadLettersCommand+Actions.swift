import ArgumentParser
import MartletClient

extension DeadLettersCommand {
    /// `martlet dead-letters redeliver`
    struct Redeliver: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "redeliver",
            abstract: "Deliver dead letters again, outside of the order.",
            discussion: """
                EXAMPLES
                  martlet dead-letters redeliver 17 18
                  martlet dead-letters redeliver --all --forwarder noc
                """
        )

        @OptionGroup var choice: DeadLetterChoice
        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            for (forwarder, selection) in try await choice.selections(server.client) {
                let count = try await server.client.redeliver(selection, of: forwarder)
                try context.print("\(forwarder): redelivered \(count)")
            }
        }
    }

    /// `martlet dead-letters discard`
    struct Discard: ServerCommand {
        static let configuration = CommandConfiguration(
            commandName: "discard",
            abstract: "Give dead letters up for good.",
            discussion: """
                On a terminal it asks first, unless --yes says so already. Elsewhere --yes is needed.

                EXAMPLES
                  martlet dead-letters discard 17
                  martlet dead-letters discard --all --forwarder noc --yes
                """
        )

        @OptionGroup var choice: DeadLetterChoice

        @Flag(name: .shortAndLong, help: "Do not ask.")
        var yes = false

        @OptionGroup(title: "Server")
        var connection: ConnectionOptions

        func run(_ server: ServerConnection, in context: CommandContext) async throws {
            let selections = try await choice.selections(server.client)
            guard try isConfirmed(selections, in: context) else { throw CommandFailure("Nothing was discarded.") }
            for (forwarder, selection) in selections {
                let count = try await server.client.discard(selection, of: forwarder)
                try context.print("\(forwarder): discarded \(count)")
            }
        }

        private func isConfirmed(
            _ selections: [(forwarder: String, selection: Selection)],
            in context: CommandContext
        ) throws -> Bool {
            if yes { return true }
            guard context.terminal.isInteractive else {
                throw CommandFailure("Discarding cannot be undone: add --yes.", status: .usage)
            }
            let names = selections.map(\.forwarder).joined(separator: ", ")
            let what =
                choice.all
                ? "all dead letters" : choice.id.count == 1 ? "1 dead letter" : "\(choice.id.count) dead letters"
            try context.errors(Array("Discard \(what) of \(names.withoutControls)? This cannot be undone. [y/N] ".utf8))
            return ["y", "yes"].contains(context.answer()?.lowercased())
        }
    }
}
