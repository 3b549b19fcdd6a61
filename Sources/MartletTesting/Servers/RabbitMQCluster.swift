/// Three RabbitMQ nodes that know each other; half a gigabyte, and half a minute to start.
package struct RabbitMQCluster: Sendable {
    package let servers: [RabbitMQServer]

    /// Where clients connect, a URL for each node.
    package var urls: [String] { servers.map(\.url) }

    /// Starts the nodes; they end with the value.
    package static func start() async throws -> RabbitMQCluster {
        let nameService = try ErlangNameService()
        let nodes = try (0..<3).map { _ in try RabbitMQNode(nameService: nameService) }
        let members = nodes.enumerated().map { "cluster_formation.classic_config.nodes.\($0 + 1) = \($1.name)" }
        let configuration = ["cluster_formation.peer_discovery_backend = classic_config"] + members
        let servers = try nodes.map { node in
            try RabbitMQServer(node.adding(configuration: configuration), nameService: nameService)
        }
        // The first one makes the cluster, so that there are not three.
        for server in servers { try await server.start() }
        return RabbitMQCluster(servers: servers)
    }

    /// Kills what still runs.
    package func kill() async { for server in servers { await server.kill() } }
}
