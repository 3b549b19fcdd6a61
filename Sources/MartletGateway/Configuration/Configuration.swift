package import Martlet
package import MartletPipeline

/// A checked configuration: every name known, every value of its form.
package struct Configuration: Sendable {
    package struct Listen: Sendable, Hashable {
        package var host: String
        package var port: Int
    }

    package struct Store: Sendable, Hashable {
        /// The directory of the store.
        package var path: String
        /// Whether each commit waits for the disk; without it a power failure may lose the last moments.
        package var isSynchronous: Bool
        /// How long and how much is kept.
        package var retention = RetentionPolicy.standard
    }

    package struct SourceConfiguration: Sendable, Hashable {
        package var name: String
        /// The kind of transport: `http`, `kafka`.
        package var kind: String
        package var settings: ComponentSettings
        package var format: String
        package var origin: Origin
        package var ignore: [TopicPattern]
        /// How long it may be silent before an alert is raised; `nil` for as long as it likes.
        package var expectEvery: Duration?
    }

    package struct ForwarderConfiguration: Sendable, Hashable {
        package var name: String
        /// The kind of sink: `webhook`, `kafka`.
        package var kind: String
        package var settings: ComponentSettings
        package var filter: EventFilter
        package var protection: Protection
        package var body: BodyForm
        package var order: DeliveryWindow.Configuration.Order
        package var retry: RetryPolicy
        package var start: Start
        /// What it does when retention comes to events that it has not concluded.
        package var retention: RetentionStance
        /// How long the resources of events may be asked for before they are delivered.
        package var enrichWait: Duration?
        /// What is sent when the destination is back after an outage.
        package var afterOutage = DeliveryWindow.Configuration.AfterOutage.replay
        /// How long a destination takes nothing before that is an outage.
        package var outage = Duration.seconds(30)
    }

    package struct EnricherConfiguration: Sendable, Hashable {
        /// The kind: `cloudstack`.
        package var kind: String
        package var settings: ComponentSettings
        /// What is joined, where it is a table of the operator's own: read with the configuration.
        package var table: LookupTable?
    }

    /// Somebody who may read over the API, beside the administrator.
    package struct ReaderConfiguration: Sendable, Hashable {
        package var name: String
        /// Any of them identifies it.
        package var tokens: [String]
        package var protection: Protection
    }

    /// Where a forwarder that is made begins.
    package enum Start: Sendable, Hashable {
        case now, earliest
        case time(Timestamp)
    }

    package var listen: Listen
    package var store: Store
    package var sources: [SourceConfiguration]
    /// In the order in which they are asked.
    package var enrichers: [EnricherConfiguration]
    package var forwarders: [ForwarderConfiguration]
    package var readers: [ReaderConfiguration]
    package var arePublicMetrics: Bool
    package var clockSkew: Duration
    package var bodyLimit: Int
    package var maximumConnections: Int
    /// What is not wrong, but worth a word.
    package var warnings: [Finding] = []

    /// The embedded default: everything that `martlet serve` needs without a file.
    package static let defaultText = """
        listen: 127.0.0.1:8585
        store: { path: ./martlet-data }
        sources:
          cloudstack: { http: {}, format: cloudstack }
          openstack: { http: {}, format: oslo }
          events: { http: {}, format: cloudevents }
        """
}
