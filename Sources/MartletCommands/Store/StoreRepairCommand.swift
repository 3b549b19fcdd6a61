import ArgumentParser
import MartletPipeline
import MartletStore

/// `martlet store repair`
struct StoreRepairCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Write a damaged store anew from everything that can be read of it.",
        discussion: """
            Stop the server first. The damaged files are kept in a directory of their own beside the store, so as much room is \
            needed as the store takes. Events keep their positions; those that cannot be saved are put on record, and forwarders \
            count them as skipped. A forwarder whose record is damaged rather repeats events than skips them.

            The exit code is 0 when the new store is without damage, 1 when something kept the repair from being done; the store \
            is as it was then, or the message says that the repair is to be finished by another.

            EXAMPLES
              martlet store repair --data /var/lib/martlet
            """
    )

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var store: StoreDirectoryOption
    @OptionGroup var colour: ColourOption

    func run(in context: CommandContext) async throws {
        if !yes, context.terminal.isInteractive {
            try context.note("The store in \(store.data) is written anew; the damaged files are kept. Go on? [y/N]")
            guard context.answer()?.lowercased().hasPrefix("y") == true else {
                throw CommandFailure("Nothing has been changed.")
            }
        }
        let bar = WorkProgress(context)
        let report: RepairReport
        do {
            report = try await StoreRepair.run(directory: store.data) { bar.show($0) }
        } catch let error as StoreError {
            bar.end()
            throw CommandFailure(error.reason)
        }
        bar.end()
        let page = RepairReportPage(report: report, directory: store.data)
        try context.print(page.lines, inColour: colour.mode.isOn(context.terminal, environment: context.environment))
        if !report.check.isClean { throw CommandFailure.silent(.failed) }
    }
}
