import Martlet
import MartletJSON

extension Story {
    /// A usage event, as `UsageEventUtils` publishes it: the account is the owner's, the resource a Java class.
    mutating func use(_ event: String, _ resourceClass: String, _ id: String, owner: DemoCaller) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("account", owner.accountID)
        writer.member("zone", zone.id)
        writer.member("event", event)
        writer.member("resource", resourceClass)
        writer.member("id", id)
        writer.member("eventDateTime", time)
        writer.endObject()
        publish(.usage, event, resourceClass, id, writer.bytes)
    }

    /// A usage event of a machine.
    mutating func use(_ event: String, _ machine: DemoMachine) {
        use(event, "com.cloud.vm.VirtualMachine", machine.id, owner: machine.tenant.admin)
    }

    /// A usage event of a disk.
    mutating func use(_ event: String, _ volume: DemoVolume) {
        use(event, "com.cloud.storage.Volume", volume.id, owner: volume.owner)
    }
}
