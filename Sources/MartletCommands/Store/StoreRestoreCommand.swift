import ArgumentParser
import Martlet
import MartletPipeline
import MartletStore

/// `martlet store restore`
struct StoreRestoreCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of the store.",
        discussion: """
            The server must be stopped. The backup is checked first; what is in the directory is kept there under the name \
            martlet.sqlite.before-restore-DATE. Events that were committed after the backup are not in it, and their positions are \
            given again: the ids that Martlet derives from positions begin with other letters from then on, so that no consumer \
            takes a new event for one that it has seen.

            EXAMPLES
              systemctl stop martlet
              martlet store restore /backup/martlet.backup --data /var/lib/martlet
              systemctl start martlet
            """
    )

    @Argument(help: ArgumentHelp("A backup.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var store: StoreDirectoryOption

    func run(in context: CommandContext) async throws {
        let progress = StoreProgress(name: file, context)
        do {
            let result = try await Restoration.restore(file, to: store.data, now: context.clock.now()) {
                progress.report($0)
            }
            try progress.end()
            try context.print("\(store.data): restored \(result.contents.text)")
            if let previous = result.previous { try context.print("what was there is now \(previous)") }
        } catch let error as StoreError {
            try progress.end()
            throw CommandFailure(error.reason, status: error.code == .absent ? .noInput : .failed)
        }
    }
}
