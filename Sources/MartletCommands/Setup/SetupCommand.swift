import ArgumentParser

/// `martlet setup`
struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Prepare a cloud to hand its events over, and check that it does.",
        discussion: """
            EXAMPLES
              martlet setup cloudstack --kafka kafka1:9092 --topic cs --cloudstack-version 4.20
              martlet setup cloudstack --rabbitmq mq1:5672 --check
              martlet setup openstack --rabbitmq mq1,mq2
            """,
        subcommands: [SetupCloudStackCommand.self, SetupOpenStackCommand.self]
    )
}
