/// A virtual machine, as its cloud knows it at the moment.
final class DemoMachine {
    let id: String
    let name: String
    let tenant: DemoTenant
    let template: DemoZone.Template
    let offering: DemoZone.Offering
    let interfaceID: String
    let address: String
    let hardwareAddress: String
    let root: DemoVolume
    var host: DemoZone.Host
    var state = "Stopped"

    init(
        name: String,
        tenant: DemoTenant,
        template: DemoZone.Template,
        offering: DemoZone.Offering,
        host: DemoZone.Host,
        random: inout DemoGenerator
    ) {
        id = random.uuid()
        self.name = name
        self.tenant = tenant
        self.template = template
        self.offering = offering
        self.host = host
        interfaceID = random.uuid()
        address = "\(tenant.network.subnet).\(10 + tenant.machines.count)"
        hardwareAddress = random.macAddress()
        root = DemoVolume(id: random.uuid(), name: "ROOT-\(name)", owner: tenant.admin, isRoot: true, gigabytes: 20)
    }
}

/// A disk.
final class DemoVolume {
    let id: String
    let name: String
    let owner: DemoCaller
    /// The disk that its machine starts from.
    let isRoot: Bool
    var gigabytes: Int
    var state = "Allocated"

    init(id: String, name: String, owner: DemoCaller, isRoot: Bool, gigabytes: Int) {
        self.id = id
        self.name = name
        self.owner = owner
        self.isRoot = isRoot
        self.gigabytes = gigabytes
    }
}

/// A copy of a volume at one moment.
final class DemoSnapshot {
    let id: String
    let name: String
    let volume: DemoVolume
    var state = "Allocated"

    init(id: String, name: String, volume: DemoVolume) {
        self.id = id
        self.name = name
        self.volume = volume
    }
}
