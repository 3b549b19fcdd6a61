import ArgumentParser
import Logging
import MartletGateway

/// `martlet try`
struct TryCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Look at what a broker carries, without a configuration.",
        discussion: """
            Reads until Ctrl-C, --seconds or --events, and shows what comes: counts by type, failures, impossible transitions. \
            Kafka is read from the topic's beginning, RabbitMQ through a queue of its own that goes away with the connection. Nothing \
            is committed at the broker and nothing is taken away from anybody; what was read is in a temporary directory (TMPDIR) \
            until the end.

            ADDRESSES
              amqp://USER@HOST/vhost          "/" where no vhost is named
              amqps://USER@HOST/vhost         with TLS
              kafka://HOST:PORT/topic         commas between several hosts, or topics
              kafkas://USER@HOST:PORT/topic   with TLS, and SASL where there is a user
            After a question mark: exchange=NAME and binding=PATTERN for RabbitMQ, any property of librdkafka's for Kafka.

            The password belongs into MARTLET_PASSWORD, or is asked for. It may stand in the address (USER:PASSWORD@), where \
            other users of this machine can see it.

            The exit code is 69 when the broker cannot be reached or does not let us in.

            EXAMPLES
              martlet try kafka://kafka1:9092/cs
              martlet try amqp://martlet@mq1 --exchange cloudstack-events --seconds 60
              martlet try "kafkas://martlet@k1:9093/cs?sasl.mechanism=SCRAM-SHA-512"
            """
    )

    @Argument(help: "Where the broker is, and what to read there.")
    var address: String

    @Option(
        help: ArgumentHelp(
            "RabbitMQ: an exchange to read, cloudstack-events where none is named; may be repeated.",
            valueName: "name"
        )
    )
    var exchange: [String] = []

    @Option(help: ArgumentHelp("RabbitMQ: what to read of it, # where nothing is said.", valueName: "pattern"))
    var binding: [String] = []

    @Option(
        help: "How to read it. To guess is to take CloudEvents and OpenStack's as such, and the rest as CloudStack's."
    )
    var format = TrialFormat.guess

    @Option(help: ArgumentHelp("End after so many seconds.", valueName: "number"))
    var seconds: Int?

    @Option(help: ArgumentHelp("End after so many events.", valueName: "number"))
    var events: Int?

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if let seconds, !(1...31_536_000).contains(seconds) {
            throw ValidationError("--seconds \(seconds): use a number from 1.")
        }
        if let events, events < 1 { throw ValidationError("--events \(events): use a number from 1.") }
    }

    func run(in context: CommandContext) async throws {
        let trial = try makeTrial(in: context)
        let stop = StopRequest()
        var limits = TrialWatch.Limits()
        limits.duration = seconds.map { .seconds($0) }
        limits.events = events
        let session = TrialSession(
            trial: trial,
            limits: limits,
            stop: stop,
            colour: colour.mode,
            context: context,
            height: Terminal.outputHeight
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await StopSignals.wait()
                stop.make()
            }
            try await session.run()
            group.cancelAll()
        }
    }

    private func makeTrial(in context: CommandContext) throws -> Trial {
        do {
            var address = try TrialAddress(address)
            address.password = try TrialPassword(environment: context.environment, terminal: context.terminal)
                .password(for: address)
            var logger = Logger(label: "martlet") { OneLineLogHandler.standardError(label: $0) }
            // What goes wrong with the broker is on the screen; a log line would tear the page apart.
            logger.logLevel = .critical
            var options = TrialOptions(format: format, logger: logger)
            options.exchanges = exchange
            options.bindings = binding
            return try Trial(address, options)
        } catch let error as TrialAddressError {
            throw CommandFailure(error.description, status: .usage)
        }
    }
}

extension TrialFormat: ExpressibleByArgument {}
