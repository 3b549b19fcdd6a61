import ArgumentParser
import Foundation
import Martlet
import MartletClient
import MartletGateway

/// `martlet doctor`
struct DoctorCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Collect what support needs into one file.",
        discussion: """
            Versions, machine, limits, data directory, configuration, status, problems of sources and forwarders, reasons in the \
            quarantine and of dead letters, metrics: a text to be read, and sent. Secrets and events are left out. Where the server \
            does not run, it collects what can be known without it. Nothing is changed.

            Run it where the server runs, as its user or root. The configuration is the one that the server was started with, \
            else \(ConfigurationSection.standardPath).

            EXAMPLES
              martlet doctor
              journalctl -u martlet -n 500 | martlet doctor --log -
              martlet doctor --config /etc/martlet/martlet.yaml --output report.txt
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write it, - for standard output; a new file here else.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The server's configuration.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(
        help: ArgumentHelp("The server's log, - for standard input; its last 500 lines are taken.", valueName: "file"),
        completion: .file()
    )
    var log: String?

    @OptionGroup(title: "Server")
    var connection: ConnectionOptions

    func run(in context: CommandContext) async throws {
        let report = try await DoctorVisit(command: self, context: context).report()
        guard output != "-" else { return try context.output(Array(report.utf8)) }
        let reading = context.clock.read(context.clock.now())
        let time = reading.dateAndTime.filter(\.isNumber)
        let file = output ?? "martlet-doctor-\(time.prefix(8))-\(time.dropFirst(8)).txt"
        try Self.write(report, to: file)
        try context.print("\(file), \(Measures.size(report.utf8.count)). Read it before you send it.")
    }

    /// Makes the file, readable by nobody else; one that is there already stays as it is.
    private static func write(_ text: String, to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
            throw CommandFailure("The file \(file) cannot be made: \(reason). Name another with --output.")
        }
        do {
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw CommandFailure("The file \(file) cannot be written: \(error.localizedDescription)")
        }
    }
}

/// One look at everything, in the order of the report.
private struct DoctorVisit {
    let command: DoctorCommand
    let context: CommandContext

    func report() async throws -> String {
        let files = SystemFiles()
        var options = command.connection
        var configuration = command.config.map { ConfigurationSection(path: $0, environment: context.environment) }
        // Told nothing else, the server's own directory is the one that its configuration names.
        let isStandard = try options.data == ConnectionOptions.parse([]).data
        if isStandard, let directory = configuration?.dataDirectory { options.data = directory }
        let process = ServerProcess(holdingLockOf: options.data, files: files)
        if configuration == nil {
            let path = process?.configuration ?? ConfigurationSection.standardPath
            if files.text(path) != nil {
                configuration = ConfigurationSection(path: path, environment: context.environment)
            }
        }

        var secrets = KnownSecrets(environment: context.environment)
        if let known = configuration?.redacted?.secrets { secrets.add(known) }
        var sections = [
            ProgramSection(environment: context.environment).section,
            MachineSection(files: files, clock: context.clock).section,
        ]
        if let process { sections.append(process.section) }
        sections.append(DirectorySection(directory: options.data, files: files).section)
        sections.append(configuration?.section ?? ConfigurationSection.missing)
        sections += try await server(options, &secrets)
        if let log = command.log { sections.append(try LogSection.section(path: log)) }
        let title = "Martlet's doctor, \(context.clock.now().wholeSeconds)"
        return DoctorReport(title: title, sections: sections).text(without: secrets)
    }

    private func server(
        _ options: ConnectionOptions,
        _ secrets: inout KnownSecrets
    ) async throws -> [DoctorReport.Section] {
        do {
            let server = try ServerConnection(options, environment: context.environment)
            if let token = server.location.token { secrets.add(token) }
            return try await ServerSections(server: server, context: context).sections()
        } catch let failure as CommandFailure {
            return [DoctorReport.Section(title: "Server", lines: ServerSections.lines(failure.message))]
        } catch let error as ClientError {
            return [DoctorReport.Section(title: "Server", lines: [error.message])]
        }
    }
}

extension Timestamp {
    /// The second that it is in: what is finer tells nothing here.
    var wholeSeconds: Timestamp { Timestamp(seconds: milliseconds / 1_000) }
}
