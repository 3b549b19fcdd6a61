import Martlet
import MartletPipeline
import Yams

// What a forwarder sends when its destination is back.

extension ConfigurationReader {
    /// The choice, and how long a destination takes nothing before that is an outage.
    func afterOutage(
        _ members: [(key: String, keyNode: Node, value: Node)],
        body: BodyForm,
        path: String
    ) -> (DeliveryWindow.Configuration.AfterOutage, Duration) {
        var choice = DeliveryWindow.Configuration.AfterOutage.replay
        var outage: Duration?
        for (key, keyNode, value) in members {
            let path = path.appending(key: key)
            switch key {
            case "after-outage":
                choice = self.choice(value, path: path, in: DeliveryWindow.Configuration.AfterOutage.self) ?? choice
                if choice == .latest, body == .original {
                    report(
                        "skips what a later event of the same resource tells, and “body: original” has no room for the mark “resync” that says so; send “event” or “enriched” where the receiver is to know",
                        at: keyNode,
                        path: path,
                        severity: .warning
                    )
                }
            case "outage":
                outage = duration(value, path: path)
            default: break
            }
        }
        if let member = members.first(where: { $0.key == "outage" }), choice == .replay {
            report(
                "does nothing with “after-outage: replay”, which sends all that was missed, however long that took; say “after-outage: latest”, or take it out",
                at: member.keyNode,
                path: path.appending(key: "outage"),
                severity: .warning
            )
        }
        return (choice, outage ?? .seconds(30))
    }
}
