import ArgumentParser

/// `martlet setup openstack`
struct SetupOpenStackCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "openstack",
        abstract: "Print what OpenStack's services need to publish their notifications, and check the broker.",
        discussion: """
            Prints the rights of Martlet's user on RabbitMQ, the settings of each service, which of them are off by default and what \
            is missed then, and the matching piece of martlet.yaml. Nothing is written, and nothing is sent anywhere.

            With --check it looks at the broker, changes nothing there, and says what keeps notifications from coming. The exit code \
            is 1 where something does. The password comes from a file, from MARTLET_BROKER_PASSWORD, or is asked for.

            EXAMPLES
              martlet setup openstack --rabbitmq mq1,mq2,mq3
              martlet setup openstack --rabbitmq mq1 --exchange nova --exchange ironic --declare --drain
              martlet setup openstack --rabbitmq mq1 --check --password-file martlet.password
            """
    )

    @OptionGroup(title: "RabbitMQ")
    var rabbitMQ: OpenStackSetupOptions

    @Flag(help: "Look at the broker; change nothing.")
    var check = false

    @Option(
        help: ArgumentHelp(
            "With --check: a file with the password, else \(RabbitMQSetupOptions.passwordVariable).",
            valueName: "file"
        ),
        completion: .file()
    )
    var passwordFile: String?

    @Option(
        help: ArgumentHelp(
            "With --check and --tls: a file of certificates to verify the broker by.",
            valueName: "file"
        ),
        completion: .file()
    )
    var caFile: String?

    @Option(help: ArgumentHelp("The name of Martlet's source.", valueName: "name"))
    var source = "openstack"

    @Flag(help: "Print JSON: the plan as one object, findings one a line.")
    var json = false

    @OptionGroup var colour: ColourOption

    func validate() throws {
        guard check || (passwordFile == nil && caFile == nil) else {
            throw ValidationError("--password-file and --ca-file need --check.")
        }
    }

    func run(in context: CommandContext) async throws {
        let isColoured = colour.mode.isOn(context.terminal, environment: context.environment)
        let width = context.terminal.outputWidth
        let target = rabbitMQ.target
        guard check else {
            let plan = OpenStackPlan(target: target, source: source)
            if json { return try context.print(json: [OpenStackJSON.text(plan)[...]]) }
            return try context.print(OpenStackPage(plan: plan, width: width).lines(), inColour: isColoured)
        }
        let password = try SecretReader(context: context).read(
            "password of \(target.username)",
            file: passwordFile,
            option: "--password-file",
            variable: RabbitMQSetupOptions.passwordVariable
        )
        let findings = await OpenStackCheck(target: target, password: password, certificateAuthority: caFile).findings()
        if json {
            try context.print(json: findings.map { FindingPage.json($0)[...] })
        } else {
            try context.print(FindingPage.lines(findings, width: width), inColour: isColoured)
        }
        if findings.contains(where: { $0.verdict == .problem }) { throw CommandFailure.silent(.failed) }
    }
}
