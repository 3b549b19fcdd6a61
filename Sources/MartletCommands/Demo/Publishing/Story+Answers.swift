import MartletJSON

/// What the API answers of a resource; a job's result.
extension Story {
    func answer(_ machine: DemoMachine) -> [UInt8] {
        let network = machine.tenant.network
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.beginObject()
        writer.member("id", machine.id)
        writer.member("name", machine.name)
        writer.member("displayname", machine.name)
        writeOwner(machine.tenant.admin, to: &writer)
        writer.member("state", machine.state)
        writer.member("haenable", true)
        writer.member("zoneid", zone.id)
        writer.member("zonename", zone.name)
        if machine.state == "Running" {
            writer.member("hostid", machine.host.id)
            writer.member("hostname", machine.host.name)
        }
        writer.member("templateid", machine.template.id)
        writer.member("templatename", machine.template.name)
        writer.member("serviceofferingid", machine.offering.id)
        writer.member("serviceofferingname", machine.offering.name)
        writer.member("cpunumber", machine.offering.cores)
        writer.member("cpuspeed", 2_400)
        writer.member("memory", machine.offering.memory)
        writer.member("hypervisor", "KVM")
        writer.member("jobstatus", 0)
        writer.key("nic")
        writer.beginArray()
        writer.beginObject()
        writer.member("id", machine.interfaceID)
        writer.member("networkid", network.id)
        writer.member("networkname", network.name)
        writer.member("netmask", "255.255.255.0")
        writer.member("gateway", "\(network.subnet).1")
        writer.member("ipaddress", machine.address)
        writer.member("macaddress", machine.hardwareAddress)
        writer.member("type", "Isolated")
        writer.member("isdefault", true)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// - Parameter machine: the machine that the volume is attached to.
    func answer(_ volume: DemoVolume, attachedTo machine: DemoMachine? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", volume.id)
        writer.member("name", volume.name)
        writeOwner(volume.owner, to: &writer)
        writer.member("type", volume.isRoot ? "ROOT" : "DATADISK")
        writer.member("size", volume.gigabytes << 30)
        writer.member("state", volume.state)
        writer.member("zoneid", zone.id)
        writer.member("zonename", zone.name)
        writer.member("diskofferingid", zone.diskOfferingID)
        writer.member("virtualmachineid", machine?.id)
        writer.member("vmname", machine?.name)
        writer.member("jobstatus", 0)
        writer.endObject()
        return writer.bytes
    }

    func answer(_ snapshot: DemoSnapshot) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", snapshot.id)
        writer.member("name", snapshot.name)
        writeOwner(snapshot.volume.owner, to: &writer)
        writer.member("volumeid", snapshot.volume.id)
        writer.member("volumename", snapshot.volume.name)
        writer.member("snapshottype", "MANUAL")
        writer.member("state", snapshot.state)
        writer.member("zoneid", zone.id)
        writer.member("jobstatus", 0)
        writer.endObject()
        return writer.bytes
    }

    /// The answer of a call that has nothing else to tell.
    static let plainSuccess = Array(#"{"success":true}"#.utf8)

    private func writeOwner(_ owner: DemoCaller, to writer: inout JSONWriter) {
        writer.member("account", owner.accountName)
        writer.member("domainid", owner.domainID)
        writer.member("domain", owner.domainName)
    }
}
