/// Domains, accounts, users, and who comes and goes.
extension Story {
    /// A tenant's domain, its account and its two users.
    mutating func welcome(_ tenant: DemoTenant) {
        let admin = tenant.admin
        let domain = DemoEntity(type: "Domain", id: admin.domainID)
        let account = DemoEntity(type: "Account", id: admin.accountID)
        let role = DemoEntity(type: "Role", id: zone.roleID)
        act(
            "DOMAIN.CREATE",
            .completed,
            "Successfully completed creating Domain. Name: \(tenant.name)",
            on: domain,
            by: zone.root
        )
        pass(1...3)
        act(
            "ACCOUNT.CREATE",
            .completed,
            "Successfully completed creating Account. Account Name: \(tenant.name)",
            on: account,
            by: zone.root,
            context: [domain, role]
        )
        for caller in [admin, tenant.operations] {
            pass(1...3)
            act(
                "USER.CREATE",
                .completed,
                "Successfully completed creating User. UserName: \(caller.userName)",
                on: DemoEntity(type: "User", id: caller.userID),
                by: zone.root,
                context: [account, domain]
            )
        }
    }

    mutating func logIn(_ caller: DemoCaller) {
        let address = "192.0.2.\(Int.random(in: 10...99, using: &random))"
        act(
            "USER.LOGIN",
            .completed,
            "user has logged in from IP Address /\(address)",
            on: DemoEntity(type: "User", id: caller.userID),
            by: caller
        )
    }

    mutating func logOut(_ caller: DemoCaller) {
        act(
            "USER.LOGOUT",
            .completed,
            "user has logged out",
            on: DemoEntity(type: "User", id: caller.userID),
            by: caller
        )
    }
}
