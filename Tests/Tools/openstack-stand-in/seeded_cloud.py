"""A large cloud for the stand-in, the same for the same seed: every collection, many owners, and secrets to be cut."""
import uuid

SPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


def make(admin, servers=2000, seed=1):
    def key(kind, number, plain=False):
        made = uuid.uuid5(SPACE, f"openstack/{seed}/{kind}/{number}")
        return made.hex if plain else str(made)

    count = max(servers // 40, 2)
    projects = [admin] + [key("project", n, True) for n in range(1, count)]
    users = [key("user", n, True) for n in range(count * 2)]
    domains = ["default", key("domain", 1, True)]

    def owner(number):
        return projects[number % count]

    def many(kind, number, fields):
        return [{"id": key(kind, n), "name": f"{kind}-{n}", **fields(n)} for n in range(number)]

    def both(number):
        return {"tenant_id": owner(number), "project_id": owner(number)}

    flavors = [{"id": str(n), "name": f"m{n}", "ram": 1024 * n, "vcpus": n, "disk": 10 * n,
                "os-flavor-access:is_public": n % 3 != 0} for n in range(1, 7)]
    types = many("volume_type", 3, lambda n: {"is_public": n != 2})
    keypairs = [{"id": f"{users[n]}:key {n % 2}", "user_id": users[n], "name": f"key {n % 2}", "type": "ssh",
                 "public_key": f"ssh-ed25519 AAAA{n}", "fingerprint": f"SHA256:{n}", "created_at": "2026-01-02T03:04:05.000000"}
                for n in range(0, len(users), 5)]
    kinds = ["public", "private", "shared", "community"]
    images = many("image", 24, lambda n: {
        "status": "active", "owner": owner(n), "visibility": kinds[n % 4], "os_hidden": n % 6 == 5})
    groups = many("security_group", count, lambda n: {**both(n), "description": "default"})
    networks = many("network", count, lambda n: {
        **both(n), "status": "ACTIVE", "shared": n == 0, "subnets": [key("subnet", n)]})
    subnets = many("subnet", count, lambda n: {
        **both(n), "network_id": key("network", n), "cidr": f"10.{n // 256}.{n % 256}.0/24", "subnetpool_id": None})
    routers = many("router", count, lambda n: {
        **both(n), "status": "ACTIVE", "external_gateway_info": {"network_id": key("network", 0)}})
    volumes = many("volume", servers // 2, lambda n: {
        "status": "in-use", "size": 20, "os-vol-tenant-attr:tenant_id": owner(n), "user_id": users[n % len(users)],
        "attachments": [{"id": key("volume", n), "server_id": key("server", n), "volume_id": key("volume", n)}],
        "volume_type": "volume_type-0", "os-vol-host-attr:host": f"ceph{n % 3}@rbd#pool", "snapshot_id": None})

    def server(n):
        fields = {
            "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "tenant_id": owner(n), "user_id": users[n % len(users)],
            "image": {"id": images[n % 24]["id"], "links": []}, "flavor": {"id": str(1 + n % 6), "links": []},
            "OS-EXT-SRV-ATTR:host": f"compute{n % 50}", "created": "2026-01-02T03:04:05Z", "updated": "2026-01-02T03:04:05Z",
            "os-extended-volumes:volumes_attached": [{"id": key("volume", n)}] if n < servers // 2 else [],
            "addresses": {"net": [{"addr": f"10.0.{n // 256 % 256}.{n % 256}", "version": 4}]},
        }
        if n % 100 == 0:
            fields["adminPass"] = f"s33ded-password-{n}"
        return fields

    return {
        "domains": [{"id": name, "name": name if n == 0 else "ldap", "enabled": True} for n, name in enumerate(domains)],
        "projects": [{"id": project, "name": f"project-{n}", "domain_id": "default", "enabled": True}
                     for n, project in enumerate(projects)],
        "users": [{"id": user, "name": f"user-{n}", "domain_id": domains[n % 2], "enabled": True}
                  for n, user in enumerate(users)],
        "groups": [{"id": key("group", n, True), "name": f"group-{n}", "domain_id": domains[n % 2]} for n in range(4)],
        "roles": [{"id": key("role", n, True), "name": name} for n, name in enumerate(["admin", "member", "reader"])],
        "os-keypairs": keypairs, "flavors": flavors, "types": types, "images": images, "security-groups": groups, "networks": networks,
        "subnetpools": many("subnetpool", 2, both), "subnets": subnets, "routers": routers,
        "os-server-groups": many("server_group", servers // 50, lambda n: {
            **both(n), "policies": ["anti-affinity"], "members": [key("server", n)]}),
        "servers": many("server", servers, server),
        "ports": many("port", servers, lambda n: {
            **both(n), "status": "ACTIVE", "network_id": key("network", n % count), "device_owner": "compute:nova",
            "device_id": key("server", n), "security_groups": [key("security_group", n % count)],
            "fixed_ips": [{"subnet_id": key("subnet", n % count)}]}),
        "floatingips": [{"id": key("floatingip", n), "floating_ip_address": f"203.0.{n // 250}.{n % 250}", **both(n),
                         "status": "ACTIVE", "port_id": key("port", n), "router_id": key("router", n % count),
                         "floating_network_id": key("network", 0)} for n in range(servers // 10)],
        "volumes": volumes,
        "snapshots": many("snapshot", servers // 10, lambda n: {
            "status": "available", "volume_id": key("volume", n), "os-extended-snapshot-attributes:project_id": owner(n)}),
        "backups": many("backup", servers // 20, lambda n: {
            "status": "available", "volume_id": key("volume", n), "os-backup-project-attr:project_id": owner(n)}),
    }
