/// Isolated networks: made empty, implemented with their first machine, shut down with their last.
extension Story {
    /// The network and the public address that its machines go out by.
    mutating func create(_ network: DemoNetwork, of tenant: DemoTenant) {
        let offering = DemoEntity(type: "NetworkOffering", id: zone.networkOfferingID)
        act(
            "NETWORK.CREATE",
            .completed,
            "Successfully completed creating network. Network Name: \(network.name)",
            on: DemoEntity(type: "Network", id: network.id),
            by: tenant.admin,
            context: [offering, DemoEntity(type: "DataCenter", id: zone.id)]
        )
        pass(2...6)
        act(
            "NET.IPASSIGN",
            .completed,
            "Successfully completed associating Ip to network Id: \(network.id) in zone \(zone.name)",
            on: DemoEntity(type: "IpAddress", id: network.addressID),
            by: tenant.admin,
            context: [DemoEntity(type: "Network", id: network.id)]
        )
        use("NET.IPASSIGN", "com.cloud.network.IpAddress", network.addressID, owner: tenant.admin)
    }

    /// Starts the network's router; its machine publishes its states like any other.
    mutating func implement(_ network: DemoNetwork) {
        announce("Network", network.id, from: "Allocated", "ImplementNetwork", to: "Implementing")
        confirm("Network", network.id, from: "Allocated", "ImplementNetwork", to: "Implementing")
        transition(
            "VirtualMachine",
            network.routerID,
            from: "Stopped",
            "StartRequested",
            to: "Starting",
            taking: 1...2
        )
        pass(8...20)
        transition("VirtualMachine", network.routerID, from: "Starting", "OperationSucceeded", to: "Running")
        transition("Network", network.id, from: "Implementing", "OperationSucceeded", to: "Implemented")
        network.isImplemented = true
    }

    /// Takes down a network that no machine uses any more.
    mutating func shutDown(_ network: DemoNetwork) {
        transition("Network", network.id, from: "Implemented", "DestroyNetwork", to: "Shutdown")
        transition("VirtualMachine", network.routerID, from: "Running", "StopRequested", to: "Stopping")
        pass(5...9)
        transition("VirtualMachine", network.routerID, from: "Stopping", "OperationSucceeded", to: "Stopped")
        transition("Network", network.id, from: "Shutdown", "OperationSucceeded", to: "Allocated")
        network.isImplemented = false
    }
}
