"""What the stand-in for CloudStack's list commands answers of the resources that it has.

From AccountManagerImpl.buildACLSearchParameters and BaseListCmd: without `listall` the caller's own; without a `projectid` nothing
that is a project's, with -1 what is of any project, on newer ones besides everything else; pages by number, of a size that
`default.page.size` bounds.
"""

MEMBERS = {
    "listVirtualMachines": "virtualmachine", "listSystemVms": "systemvm", "listRouters": "router",
    "listVolumes": "volume", "listSnapshots": "snapshot", "listTemplates": "template", "listIsos": "iso",
    "listNetworks": "network", "listVPCs": "vpc", "listPublicIpAddresses": "publicipaddress",
    "listLoadBalancerRules": "loadbalancerrule", "listFirewallRules": "firewallrule",
    "listAutoScaleVmGroups": "autoscalevmgroup", "listRoles": "role", "listPhysicalNetworks": "physicalnetwork",
    "listAccounts": "account", "listProjects": "project", "listUsers": "user", "listDomains": "domain",
    "listZones": "zone", "listPods": "pod", "listClusters": "cluster", "listHosts": "host",
    "listServiceOfferings": "serviceoffering", "listDiskOfferings": "diskoffering",
    "listNetworkOfferings": "networkoffering", "listVPCOfferings": "vpcoffering",
    "listStoragePools": "storagepool", "listImageStores": "imagestore", "listSecurityGroups": "securitygroup",
    "listAffinityGroups": "affinitygroup",
}
# Those that know `listall`, and of these those that know `projectid`.
LISTALL = {
    "listVirtualMachines", "listRouters", "listVolumes", "listSnapshots", "listTemplates", "listIsos", "listNetworks",
    "listVPCs", "listPublicIpAddresses", "listLoadBalancerRules", "listFirewallRules", "listSecurityGroups",
    "listAffinityGroups", "listAutoScaleVmGroups", "listAccounts", "listProjects", "listUsers", "listDomains",
}
OF_PROJECTS = LISTALL - {"listAccounts", "listProjects", "listUsers", "listDomains"}
UNKNOWN = ("Unable to execute API command {} due to invalid value. Invalid parameter id value={} due to incorrect long "
           "value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd "
           "class.")


class Refusal(Exception):
    def __init__(self, code, text, inner=9999):
        self.code, self.text, self.inner = code, text, inner


def patch(resources, changes):
    """Changes, adds and, where it says null, takes out resources by their ids."""
    for command, rows in changes.items():
        known = {row["id"]: row for row in resources.get(command, [])}
        for key, fields in rows.items():
            if fields is None:
                known.pop(key, None)
            else:
                known[key] = {**known.get(key, {"id": key}), **fields}
        resources[command] = list(known.values())


def vanish(resources, command, count):
    """The first ones of a list are deleted, so that the others move up."""
    resources[command] = resources.get(command, [])[count:]


def rows(resources, parameters, refused, habits):
    """How many there are, and those of the page.

    Habits: `sees` is the domain that an administrator of one is bound to, or the name of a user's account; `pagesize` the setting;
    `projects` is `with-all` where a projectid of -1 lists everything; `unpaged` are commands without pages, `pagecounts` those
    that count the page alone.
    """
    command = parameters["command"]
    if command in refused:
        raise Refusal(401, f"The given command '{command}' either does not exist, is not available for user.")
    if command == "listTemplates" and "templatefilter" not in parameters:
        raise Refusal(431, "Unable to execute API command listtemplates due to missing parameter templatefilter")
    found = [row for row in resources.get(command, []) if shows(row, habits.get("sees"))]
    if "id" in parameters:
        found = [row for row in found if row["id"] == parameters["id"]]
        if not found:
            raise Refusal(431, UNKNOWN.format(command.lower(), parameters["id"]))
    else:
        found = scoped(found, command, parameters, habits)
    for name in ("name", "domainid"):
        if name in parameters:
            found = [row for row in found if row.get(name) == parameters[name]]
    if command == "listServiceOfferings":
        system = parameters.get("issystem") == "true"
        found = [row for row in found if "id" in parameters or row.get("issystem", False) == system]
    total = len(found)
    if "page" in parameters and command not in habits.get("unpaged", []):
        size, limit = int(parameters["pagesize"]), habits.get("pagesize", 500)
        if size > limit:
            raise Refusal(431, f"Page size can not exceed max allowed page size value: {limit}", 4350)
        start = (int(parameters["page"]) - 1) * size
        found = found[start:start + size]
    return len(found) if command in habits.get("pagecounts", []) else total, found


def shows(row, sees):
    """Whether a resource is shown to who is no administrator of the whole cloud."""
    return sees is None or sees in (row.get("domainid"), row.get("account"), row.get("name"))


def scoped(found, command, parameters, habits):
    if command in LISTALL and parameters.get("listall") != "true":
        found = [row for row in found if row.get("account", "admin") == "admin"]
    if command not in OF_PROJECTS:
        return found
    if parameters.get("projectid") != "-1":
        return [row for row in found if "projectid" not in row]
    return found if habits.get("projects") == "with-all" else [row for row in found if "projectid" in row]
