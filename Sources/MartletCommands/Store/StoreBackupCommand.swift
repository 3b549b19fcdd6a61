import ArgumentParser
import Martlet
import MartletPipeline
import MartletStore

/// `martlet store backup`
struct StoreBackupCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store into one file while the server runs.",
        discussion: """
            The copy is that of one moment near its end, with the log, the index, the delivery state and the quarantine. It is \
            checked before it gets its name: the structure of the file, and the checksum of every event. It is readable by its \
            owner only, because it holds everything that the store holds. The token and the configuration are not in it.

            EXAMPLES
              martlet store backup /backup/martlet.backup --data /var/lib/martlet
              martlet store backup --force /backup/martlet.backup && rsync /backup/martlet.backup elsewhere:
            """
    )

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var store: StoreDirectoryOption

    @Flag(help: "Replace the file if it is there.")
    var force = false

    func run(in context: CommandContext) async throws {
        let progress = StoreProgress(name: file, context)
        let start = context.clock.now()
        do {
            let contents = try await StoreBackup.make(of: store.data, to: file, replaces: force, now: start) {
                progress.report($0)
            }
            try progress.end()
            let took = Measures.duration(context.clock.now() - start)
            try context.print("\(file): \(contents.text), whole and checked, in \(took)")
        } catch let error as StoreError {
            try progress.end()
            throw CommandFailure(error.reason, status: error.code == .absent ? .noInput : .failed)
        }
    }
}

extension StoreBackup.Contents {
    /// `12,400 events from position 1 to 12400, 87 resources, 6.2 MiB`
    var text: String {
        let places = events == 0 ? "" : " from position \(first) to \(last)"
        return
            "\(Measures.count(events)) events\(places), \(Measures.count(resources)) resources, \(Measures.size(Int(bytes)))"
    }
}
