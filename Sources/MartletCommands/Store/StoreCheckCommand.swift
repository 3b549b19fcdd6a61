import ArgumentParser
import MartletJSON
import MartletPipeline
import MartletStore

/// `martlet store check`
struct StoreCheckCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for damage in the store; nothing is changed.",
        discussion: """
            Every event, resource, dead letter and forwarder is compared with its checksum and with the others. The server may \
            run or not; while it runs, its write-ahead log grows until the check is done.

            The exit code is 0 for a store without damage, 1 for a damaged one, 66 where there is no store to be read.

            EXAMPLES
              martlet store check --data /var/lib/martlet
              martlet store check --data /var/lib/martlet --json | jq .findings
            """
    )

    @Flag(help: "Print the findings in JSON.")
    var json = false

    @OptionGroup var store: StoreDirectoryOption
    @OptionGroup var colour: ColourOption

    func run(in context: CommandContext) async throws {
        let bar = WorkProgress(context)
        let report: StoreReport
        do {
            report = try await StoreCheck.run(directory: store.data) { bar.show($0) }
        } catch let error as StoreError {
            bar.end()
            throw CommandFailure(error.reason, status: .noInput)
        }
        bar.end()
        if json {
            try context.print(json: [report.json[...]])
        } else {
            let page = StoreReportPage(report: report, directory: store.data)
            try context.print(
                page.lines,
                inColour: colour.mode.isOn(context.terminal, environment: context.environment)
            )
        }
        if !report.isClean { throw CommandFailure.silent(.failed) }
    }
}
