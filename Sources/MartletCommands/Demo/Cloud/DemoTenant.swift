/// A tenant: a domain with one account, two users, one network and its machines.
final class DemoTenant {
    let name: String
    let admin: DemoCaller
    let operations: DemoCaller
    let network: DemoNetwork
    var machines: [DemoMachine] = []

    /// - Parameter number: counted from 1; no two tenants of a day have the same.
    init(name: String, number: Int, random: inout DemoGenerator) {
        self.name = name
        let (domainID, accountID) = (random.uuid(), random.uuid())
        func caller(_ user: String, _ userID: String, _ userNumber: Int) -> DemoCaller {
            DemoCaller(
                accountID: accountID,
                accountName: name,
                userID: userID,
                userName: user,
                domainID: domainID,
                domainName: name,
                number: 10 * number + userNumber
            )
        }
        admin = caller("admin", random.uuid(), 0)
        operations = caller("ops", random.uuid(), 1)
        network = DemoNetwork(
            id: random.uuid(),
            name: "\(name)-net",
            subnet: "10.1.\(number)",
            addressID: random.uuid(),
            publicAddress: "203.0.113.\(10 + number)",
            routerID: random.uuid()
        )
    }

    /// Either user, now this one, now that one.
    func someone(_ random: inout DemoGenerator) -> DemoCaller { Bool.random(using: &random) ? admin : operations }
}

/// An isolated network behind a router of its own.
final class DemoNetwork {
    let id: String
    let name: String
    /// `10.1.3`, the first three numbers of all its addresses.
    let subnet: String
    let addressID: String
    let publicAddress: String
    let routerID: String
    var isImplemented = false

    init(id: String, name: String, subnet: String, addressID: String, publicAddress: String, routerID: String) {
        self.id = id
        self.name = name
        self.subnet = subnet
        self.addressID = addressID
        self.publicAddress = publicAddress
        self.routerID = routerID
    }
}
