"""A large cloud for the stand-in, the same for the same seed: every command, accounts and projects, and secrets to be cut."""
import uuid

SPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


def make(machines=2000, seed=1):
    def key(kind, number):
        return str(uuid.uuid5(SPACE, f"cloudstack/{seed}/{kind}/{number}"))

    accounts, projects = max(machines // 40, 4), max(machines // 200, 2)
    domains = [key("domain", n) for n in range(5)]

    def account(number):
        number %= accounts
        return {"account": "admin" if number == 0 else f"account-{number}", "domainid": domains[number % 5],
                "domain": f"domain-{number % 5}"}

    def owner(number):
        """Every tenth is a project's."""
        if number % 10 == 9:
            place = number // 10 % projects
            return {"projectid": key("project", place), "project": f"project-{place}", "domainid": domains[0]}
        return account(number)

    def many(kind, number, fields=lambda n: {}):
        return [{"id": key(kind, n), "name": f"{kind}-{n}", **fields(n)} for n in range(number)]

    def described(n):
        return {"displaytext": f"Described at length, number {n}"}

    def machine(n):
        fields = {
            "displayname": f"web-{n}", "state": "Running" if n % 7 else "Stopped", **owner(n), "zoneid": key("zone", n % 2),
            "hostid": key("host", n % 20), "serviceofferingid": key("offering", n % 6), "templateid": key("template", n % 10),
            "userid": key("user", n % accounts), "nic": [{"id": key("nic", n), "networkid": key("network", n % accounts)}],
        }
        if n % 100 == 0:
            fields["password"] = f"s33ded-password-{n}"
        return fields

    def person(n):
        return {"id": key("user", n), "username": f"user-{n}", "accountid": key("account", n), "apikey": f"s33ded-api-{n}",
                "secretkey": f"s33ded-secret-{n}", **account(n)}

    def router(n):
        return {"state": "Running", **owner(n), "zoneid": key("zone", n % 2), "role": "VIRTUAL_ROUTER"}

    templates = many("template", 10, lambda n: {**described(n), **owner(n), "isready": True})
    return {
        "listDomains": [{"id": name, "name": "ROOT" if n == 0 else f"domain-{n}", "level": min(n, 1),
                         **({"parentdomainid": domains[0]} if n else {})} for n, name in enumerate(domains)],
        "listAccounts": [{"id": key("account", n), "name": account(n)["account"], "domainid": domains[n % 5],
                          "accounttype": 1 if n == 0 else 0, "state": "enabled", "user": [person(n)]}
                         for n in range(accounts)],
        "listProjects": many("project", projects, lambda n: {**described(n), "domainid": domains[0], "state": "Active"}),
        "listUsers": [person(n) for n in range(accounts)],
        "listRoles": many("role", 4), "listZones": many("zone", 2), "listPods": many("pod", 2), "listClusters": many("cluster", 4),
        "listHosts": many("host", 20, lambda n: {"state": "Up", "zoneid": key("zone", n % 2)}),
        "listStoragePools": many("pool", 4, lambda n: {"state": "Up"}), "listImageStores": many("store", 2),
        "listPhysicalNetworks": many("physical", 2),
        "listServiceOfferings": many("offering", 8, lambda n: {**described(n), "issystem": n >= 6}),
        "listDiskOfferings": many("disk", 4, described), "listNetworkOfferings": many("net-offering", 4, described),
        "listVPCOfferings": many("vpc-offering", 2, described),
        # One row for each zone that it is in.
        "listTemplates": [{**row, "zoneid": key("zone", zone)} for row in templates for zone in range(2)],
        "listIsos": many("iso", 4, lambda n: {**described(n), **owner(n)}),
        "listAffinityGroups": many("affinity", 10, owner), "listSecurityGroups": many("security", 10, owner),
        "listVPCs": many("vpc", 10, lambda n: {**owner(n), "state": "Enabled"}),
        "listNetworks": many("network", accounts, lambda n: {**described(n), **owner(n), "state": "Implemented"}),
        "listRouters": many("router", accounts, router),
        "listSystemVms": many("system", 4, lambda n: {"state": "Running", "zoneid": key("zone", n % 2)}),
        "listVirtualMachines": many("machine", machines, machine),
        "listVolumes": many("volume", machines, lambda n: {
            **owner(n), "state": "Ready", "virtualmachineid": key("machine", n), "type": "ROOT"}),
        "listSnapshots": many("snapshot", machines // 10, lambda n: {
            **owner(n), "state": "BackedUp", "volumeid": key("volume", n)}),
        "listPublicIpAddresses": [{"id": key("ip", n), "ipaddress": f"203.0.{n // 250}.{n % 250}", **owner(n),
                                   "state": "Allocated"} for n in range(machines // 10)],
        "listLoadBalancerRules": many("balancer", 10, owner), "listFirewallRules": many("rule", 10, owner),
        "listAutoScaleVmGroups": many("scale", 4, owner),
    }
