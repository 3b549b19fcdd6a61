/// A service of OpenStack as a publisher of notifications: where they go, and what has to be set for them.
///
/// Options, sections and defaults are those of the services' own sample configurations; exchanges are their control exchanges.
struct OpenStackService: Sendable {
    /// The usual name: `nova`.
    var name: String
    /// The exchange where the service's own configuration does not name another.
    var exchange: String
    /// The file that the settings go to, and what reads it.
    var file: String
    /// Lines of the file beside ``notificationLines``, sections included.
    var settings: [String] = []
    /// Whether the service takes ``notificationLines``; swift has a middleware instead.
    var usesOslo = true
    /// What is off where nobody turns it on, and what one misses then.
    var gaps: [String] = []

    /// What every service needs: without a driver it publishes nothing.
    static let notificationLines = ["[oslo_messaging_notifications]", "driver = messagingv2", "topics = notifications"]

    static let all = [nova, neutron, cinder, glance, keystone, heat, ironic, designate, swift]

    static let nova = OpenStackService(
        name: "nova",
        exchange: "nova",
        file: "nova.conf of nova-api, nova-conductor, nova-scheduler and every nova-compute",
        settings: [
            "[notifications]", "notification_format = both", "notify_on_state_change = vm_and_task_state",
            "bdms_in_notifications = true",
        ],
        gaps: [
            "notification_format is unversioned by default: no versioned notifications, which hold the whole server. both keeps the "
                + "unversioned for others, Ceilometer for one; where nobody else listens, versioned is enough.",
            "notify_on_state_change is unset by default: no instance.update, so that states between the beginning and the end of an "
                + "action are not seen, nor changes that nova makes by itself, such as a server that was shut down from within.",
            "bdms_in_notifications is off by default: versioned notifications do not name a server's volumes. It costs nova a read of "
                + "its database for each.",
        ]
    )

    static let neutron = OpenStackService(
        name: "neutron",
        exchange: "neutron",
        file: "neutron.conf of neutron-server"
    )

    static let cinder = OpenStackService(
        name: "cinder",
        exchange: "openstack",
        file: "cinder.conf of cinder-api, cinder-scheduler, cinder-volume and cinder-backup",
        gaps: [
            "The exchange is oslo.messaging's own default, openstack, and every service without one of its own shares it."
        ]
    )

    static let glance = OpenStackService(
        name: "glance",
        exchange: "glance",
        file: "glance-api.conf",
        gaps: [
            "disabled_notifications in [DEFAULT] is empty by default; a group or event named there is not published."
        ]
    )

    static let keystone = OpenStackService(
        name: "keystone",
        exchange: "keystone",
        file: "keystone.conf",
        settings: ["[DEFAULT]", "notification_format = cadf", "notification_opt_out ="],
        gaps: [
            "notification_opt_out names identity.authenticate.success and identity.authenticate.pending by default: logins are not "
                + "seen, failed ones are. The empty line above turns them on; there is one for each token that is issued, so leave it "
                + "out where nobody needs them.",
            "notification_format basic has no initiator: who did it stays unknown.",
        ]
    )

    static let heat = OpenStackService(name: "heat", exchange: "heat", file: "heat.conf of heat-engine")

    static let ironic = OpenStackService(
        name: "ironic",
        exchange: "ironic",
        file: "ironic.conf of ironic-api and ironic-conductor",
        settings: ["[DEFAULT]", "notification_level = info"],
        gaps: [
            "notification_level is unset by default, and nothing is published then, whatever the driver.",
            "Its topic is ironic_versioned_notifications, which Martlet's format oslo reads by default.",
        ]
    )

    static let designate = OpenStackService(
        name: "designate",
        exchange: "designate",
        file: "designate.conf of designate-central"
    )

    static let swift = OpenStackService(
        name: "swift",
        exchange: "swift",
        file:
            "proxy-server.conf, with the package ceilometermiddleware; ceilometer before proxy-server in the pipeline",
        settings: [
            "[filter:ceilometer]", "paste.filter_factory = ceilometermiddleware.swift:filter_factory",
            "control_exchange = swift", "url = TRANSPORT_URL", "driver = messagingv2", "topic = notifications",
        ],
        usesOslo: false,
        gaps: [
            "Swift itself publishes nothing. The middleware tells of each request once it has ended, and drops what its queue has no "
                + "room for."
        ]
    )

    /// The service whose exchange this is; one that is not known needs ``notificationLines`` alone.
    static func named(_ exchange: String) -> OpenStackService {
        all.first { $0.exchange == exchange }
            ?? OpenStackService(
                name: exchange,
                exchange: exchange,
                file: "the configuration of each of the service's parts that publish"
            )
    }
}
