"""What the stand-in for OpenStack's services answers of the resources that it has: one, or a page of those that one may see.

From the services' API references and code: Nova's servers and server groups, Cinder's `all_tenants`, Glance's `visibility`
and `os_hidden`, Neutron's scope by project, Keystone's `list_limit` and identity drivers of domains.
"""
import urllib.parse

# Collection: the member of one resource; None where the answer is the resource itself.
MEMBERS = {
    "servers": "server", "flavors": "flavor", "os-server-groups": "server_group", "volumes": "volume",
    "snapshots": "snapshot", "backups": "backup", "types": "volume_type", "images": None, "networks": "network",
    "subnets": "subnet", "subnetpools": "subnetpool", "ports": "port", "routers": "router",
    "floatingips": "floatingip", "security-groups": "security_group", "projects": "project", "users": "user",
    "groups": "group", "domains": "domain", "roles": "role", "os-keypairs": "keypair",
}
LISTS = {"os-server-groups": "server_groups", "os-keypairs": "keypairs", "types": "volume_types", "security-groups": "security_groups"}
TENANTS = ["tenant_id", "project_id", "os-vol-tenant-attr:tenant_id", "os-extended-snapshot-attributes:project_id",
           "os-backup-project-attr:project_id", "owner"]
# Who asks.
USER = "5ad4c5b8a7c04b1e8f0f6d1f8a7c1e11"
TRUE = {"true": True, "1": True, "True": True}


def patch(resources, changes):
    """Changes, adds and, where it says null, takes out resources by their ids."""
    for collection, rows in changes.items():
        known = {row["id"]: row for row in resources.get(collection, [])}
        for key, fields in rows.items():
            if fields is None:
                known.pop(key, None)
            else:
                known[key] = {**known.get(key, {"id": key}), **fields}
        resources[collection] = list(known.values())


def missing(service, key):
    """No such resource, in the words of the service."""
    if service == "image":
        return 404, None, "<html><head><title>404 Not Found</title></head><body>No image found</body></html>"
    if service == "network":
        return 404, {"NeutronError": {"type": "NotFound", "message": f"{key} could not be found", "detail": ""}}, None
    if service == "identity":
        return 404, {"error": {"code": 404, "title": "Not Found", "message": f"Could not find: {key}."}}, None
    return 404, {"itemNotFound": {"code": 404, "message": f"{key} could not be found."}}, None


class Question:
    """A list that is asked for."""

    def __init__(self, service, collection, query, is_admin, project, limits, version):
        self.service, self.collection, self.query = service, collection, query
        self.is_admin, self.project, self.limits = is_admin, project, limits
        self.version = tuple(int(part) for part in version.split("."))

    def one(self, key, rows):
        if self.collection == "os-keypairs":
            return self.keypair(key, rows)
        if self.service == "identity" and not self.is_admin:
            return self.forbidden()
        found = next((row for row in rows if row["id"] == key), None)
        if found is None or not self.is_admin and not self.is_own(found):
            return missing(self.service, key)
        member = MEMBERS[self.collection]
        return 200, {member: found} if member else found, None

    def forbidden(self):
        return 403, {"error": {"code": 403, "message": "You are not authorized to perform the requested action."}}, None

    def keypair_user(self):
        """Whose key pairs are meant: before 2.10 nobody's but one's own."""
        return self.query.get("user_id", USER) if self.version >= (2, 10) else USER

    def keypair(self, name, rows):
        user = self.keypair_user()
        if user != USER and not self.is_admin:
            return self.forbidden()
        found = next((row for row in rows if row["user_id"] == user and row["name"] == name), None)
        if found is None:
            return missing(self.service, name)
        return 200, {"keypair": {**found, "id": 7, "deleted": False}}, None

    def keypairs(self, rows):
        """All of one user, each wrapped, and none says whose it is."""
        user = self.keypair_user()
        if user != USER and not self.is_admin:
            return self.forbidden()
        members = ("name", "public_key", "fingerprint") + (("type",) if self.version >= (2, 2) else ())
        pairs = [{name: row[name] for name in members if name in row} for row in rows if row["user_id"] == user]
        return 200, {"keypairs": [{"keypair": pair} for pair in pairs]}, None

    def is_own(self, row):
        owners = [row[name] for name in TENANTS if row.get(name)]
        return not owners or self.project in owners

    def wide(self, name):
        return TRUE.get(self.query.get(name), False)

    def visible(self, row):
        if self.collection == "images":
            return self.visible_image(row)
        if self.collection in ("flavors", "types"):
            shown = self.is_admin and self.query.get("is_public") == "None"
            return shown or row.get("os-flavor-access:is_public", row.get("is_public", True))
        if self.collection == "os-server-groups":
            return self.is_own(row) or self.is_admin and self.wide("all_projects")
        if self.service in ("compute", "volumev3"):
            return self.is_own(row) or self.is_admin and self.wide("all_tenants")
        if self.service == "network":
            return self.is_admin or self.is_own(row) or row.get("shared", False)
        return self.visible_identity(row)

    def visible_image(self, row):
        if bool(row.get("os_hidden")) != self.wide("os_hidden"):
            return False
        visibility, asked = row.get("visibility", "shared"), self.query.get("visibility")
        if asked not in (None, "all") and visibility != asked:
            return False
        if visibility == "community":
            return asked is not None or self.is_own(row)
        return self.is_admin or visibility == "public" or self.is_own(row)

    def visible_identity(self, row):
        """Where domains have drivers of their own, users are those of one domain: the token's, where none is named."""
        if self.collection not in ("users", "groups"):
            return True
        domain = self.query.get("domain_id")
        if domain is None and self.limits.get("domain_drivers"):
            domain = "default"
        return domain is None or row.get("domain_id", "default") == domain

    def answer(self, rows, bound, address):
        """A page; `bound` is the service's own limit."""
        if self.collection == "servers" and self.wide("all_tenants") and not self.is_admin:
            return 403, {"forbidden": {"code": 403, "message": "Policy doesn't allow all_tenants to be performed."}}, None
        if self.collection == "os-keypairs":
            return self.keypairs(rows)
        if self.service == "identity" and not self.is_admin:
            return self.forbidden()
        rows = [row for row in rows if self.visible(row)]
        name = LISTS.get(self.collection, self.collection)
        if self.service == "identity":
            return self.identity(name, rows, address)
        if self.service == "network" and self.limits.get("network_unpaged"):
            return 200, {name: rows}, None
        limit = min(int(self.query.get("limit", 25 if self.service == "image" else bound)), bound)
        if self.collection == "os-server-groups":
            rows = rows[int(self.query.get("offset", 0)):]
        elif "marker" in self.query:
            place = next((i for i, row in enumerate(rows) if row["id"] == self.query["marker"]), None)
            if place is None:
                return self.vanished(self.query["marker"])
            rows = rows[place + 1:]
        page, answer = rows[:limit], {}
        answer[name] = page
        if len(rows) > limit and self.collection != "os-server-groups":
            onwards = urllib.parse.urlencode({**self.query, "marker": page[-1]["id"]})
            if self.service == "image":
                answer["next"] = f"/v2/images?{onwards}"
            else:
                answer[f"{name}_links"] = [{"rel": "next", "href": f"{address}?{onwards}"}]
        return 200, answer, None

    def vanished(self, marker):
        if self.service == "compute":
            return 400, {"badRequest": {"code": 400, "message": f"marker [{marker}] not found"}}, None
        if self.service == "image":
            return 400, None, "<html><head><title>400 Bad Request</title></head><body>Invalid marker</body></html>"
        return missing(self.service, marker)

    def identity(self, name, rows, address):
        """Everything at once; newer Keystones say where it goes on, older ones cut it off at their `list_limit`."""
        answer = {"links": {"self": address, "previous": None, "next": None}}
        size = self.limits.get("identity_page")
        if size:
            if "marker" in self.query:
                rows = rows[[row["id"] for row in rows].index(self.query["marker"]) + 1:]
            if len(rows) > size:
                onwards = urllib.parse.urlencode({**self.query, "marker": rows[size - 1]["id"]})
                answer["links"]["next"] = f"{address}?{onwards}"
            rows = rows[:size]
        cut = self.limits.get("list_limit")
        if cut and len(rows) > cut:
            rows, answer["truncated"] = rows[:cut], True
        return 200, {name: rows, **answer}, None
