/// The names that OpenStack's services go by in event types and publishers' ids.
enum OpenStackServices {
    /// The service that an event type's first word stands for, where that is none of the resource's name.
    static func service(ofPrefix word: some StringProtocol) -> String? { prefixes[String(word)] }

    /// The service of a publisher, `nova-compute:host1` or `network.host1`: its first word, or the service that this is a
    /// part of.
    static func service(ofPublisher publisher: String) -> String? {
        let word = publisher.prefix { $0 != "." && $0 != ":" && $0 != "@" }
        if let service = parts[String(word)] { return service }
        let first = word.prefix { $0 != "-" }
        return parts[String(first)] ?? (first.isEmpty ? nil : String(first))
    }

    private static let prefixes = [
        "compute": "nova", "identity": "keystone", "dns": "designate", "baremetal": "ironic",
        "orchestration": "heat", "objectstore": "swift",
    ].merging(own) { first, _ in first }

    private static let parts = [
        "compute": "nova", "conductor": "nova", "scheduler": "nova", "api": "nova", "consoleauth": "nova",
        "image": "glance", "network": "neutron", "volume": "cinder", "snapshot": "cinder", "backup": "cinder",
        "volumeType": "cinder", "volumeStatusUpdate": "cinder", "snapshotStatusUpdate": "cinder",
        "qosSpecs": "cinder", "group": "cinder", "groupType": "cinder", "volume_type": "cinder",
        "identity": "keystone", "dns": "designate", "central": "designate", "baremetal": "ironic",
        "orchestration": "heat", "objectstore": "swift", "ceilometermiddleware": "swift", "share": "manila",
    ].merging(own) { first, _ in first }

    /// Names that stand for themselves.
    private static let own = Dictionary(
        uniqueKeysWithValues: [
            "nova", "glance", "neutron", "cinder", "keystone", "designate", "ironic", "heat", "swift", "manila",
            "octavia", "trove", "magnum", "sahara", "mistral", "masakari", "aodh", "barbican", "zun", "senlin",
            "placement", "blazar", "cyborg", "murano", "watcher", "freezer", "zaqar", "ceilometer",
        ].map { ($0, $0) }
    )
}
