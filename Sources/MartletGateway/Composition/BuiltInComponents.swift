import Martlet
import MartletAMQP
import MartletClouds
import MartletConnectors
import MartletKafka
package import MartletPipeline

/// What this build of Martlet has: the one list behind configuration, `martlet components` and the API.
package enum BuiltInComponents {
    package static let all: [ComponentDescription] =
        sources + enrichers + sinks + BuiltInFormats.descriptions

    static let sources = [HTTPSourceDescription.description] + sourceTypes.map { $0.description }
    static let sinks = sinkTypes.map { $0.description }
    static let enrichers = enricherTypes.map { $0.description }

    /// The sources that take in by themselves.
    static let sourceTypes: [any SourceType.Type] = BuiltInSources.all + [AMQPSource.self, KafkaSource.self]
    static let sinkTypes: [any SinkType.Type] = BuiltInSinks.all + [AMQPSink.self, KafkaSink.self]

    static let enricherTypes: [any EnricherType.Type] = []

    static func enricherType(named name: String) -> (any EnricherType.Type)? {
        enricherTypes.first { $0.description.name == name }
    }

    static func sourceType(named name: String) -> (any SourceType.Type)? {
        sourceTypes.first { $0.description.name == name }
    }

    static func sinkType(named name: String) -> (any SinkType.Type)? { sinkTypes.first { $0.description.name == name } }
}

/// The formats, by name.
package enum BuiltInFormats {
    static let names = [CloudStackFormat.name, OsloFormat.name, CloudEventsFormat.name]

    /// What reads the format of this name.
    static func decoder(named name: String) -> (any EventDecoder)? {
        switch name {
        case CloudStackFormat.name: CloudStackDecoder()
        case OsloFormat.name: OsloDecoder()
        case CloudEventsFormat.name: CloudEventsDecoder()
        default: nil
        }
    }

    static let descriptions = [
        ComponentDescription(
            kind: .format,
            name: CloudStackFormat.name,
            summary: "Reads the events of Apache CloudStack's event bus, webhooks and listEvents.",
            fields: [],
            example: "format: cloudstack"
        ),
        ComponentDescription(
            kind: .format,
            name: OsloFormat.name,
            summary: "Reads the notifications of OpenStack's services, as oslo.messaging sends them.",
            fields: [],
            example: "format: oslo"
        ),
        ComponentDescription(
            kind: .format,
            name: CloudEventsFormat.name,
            summary: "Reads CloudEvents 1.0 in JSON, structured and binary.",
            fields: [],
            example: "format: cloudevents"
        ),
    ]
}
