/// The zone: what its administrators set up before the day begins.
struct DemoZone: Sendable {
    /// A hypervisor.
    struct Host: Sendable, Hashable {
        let id: String
        let name: String
    }

    /// How large a machine is.
    struct Offering: Sendable {
        let id: String
        let name: String
        let cores: Int
        /// In MiB.
        let memory: Int
    }

    /// What a machine's disk begins as.
    struct Template: Sendable {
        let id: String
        let name: String
    }

    let id: String
    let name = "blr-1"
    let podID: String
    let hosts: [Host]
    let offerings: [Offering]
    /// More than any host has room for.
    let hugeOffering: Offering
    let templates: [Template]
    let networkOfferingID: String
    let diskOfferingID: String
    let roleID: String
    let root: DemoCaller
    /// Who acts where nobody asked: the snapshot schedule, high availability.
    let system: DemoCaller

    init(random: inout DemoGenerator) {
        id = random.uuid()
        podID = random.uuid()
        hosts = (1...4).map { Host(id: random.uuid(), name: "kvm-0\($0)") }
        offerings = [("small", 1, 1_024), ("medium", 2, 4_096), ("large", 4, 8_192)].map {
            Offering(id: random.uuid(), name: $0, cores: $1, memory: $2)
        }
        hugeOffering = Offering(id: random.uuid(), name: "memory-xxl", cores: 32, memory: 524_288)
        templates = ["debian-12", "rocky-9", "ubuntu-24.04"].map { Template(id: random.uuid(), name: $0) }
        networkOfferingID = random.uuid()
        diskOfferingID = random.uuid()
        roleID = random.uuid()
        let domainID = random.uuid()
        root = DemoCaller(
            accountID: random.uuid(),
            accountName: "admin",
            userID: random.uuid(),
            userName: "admin",
            domainID: domainID,
            domainName: "ROOT",
            number: 2
        )
        system = DemoCaller(
            accountID: random.uuid(),
            accountName: "system",
            userID: random.uuid(),
            userName: "system",
            domainID: domainID,
            domainName: "ROOT",
            number: 1
        )
    }
}

/// Who calls the API.
struct DemoCaller: Sendable {
    let accountID: String
    let accountName: String
    let userID: String
    let userName: String
    let domainID: String
    let domainName: String
    /// The number of the account and of the user in CloudStack's own tables.
    let number: Int
}
