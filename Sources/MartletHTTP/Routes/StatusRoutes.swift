import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/status`, `/v1/components` and `/v1/openapi.json`: what runs here, and what it can do.
struct StatusRoutes {
    let pipeline: Pipeline
    let settings: HTTPInterface.Settings

    func add(to router: some RouterMethods<APIContext>) {
        let started = pipeline.time.now
        router.on(.status) { [pipeline, settings] _, _ in
            let forwarders = try await ForwarderStatuses(pipeline)
            let (bytes, head) = (try await pipeline.store.sizeInBytes(), try await pipeline.store.head())
            let quarantined = try await pipeline.store.quarantineCounts().values.reduce(0, +)
            return .object { writer in
                writer.member("version", settings.version)
                writer.member("started", started.description)
                writer.key("store")
                writer.beginObject()
                writer.member("bytes", bytes)
                writer.member("head", head.description)
                writer.endObject()
                writeSources(pipeline, settings, into: &writer)
                forwarders.write(into: &writer)
                writer.member("quarantined", quarantined)
                writer.member("deadletters", forwarders.deadLetterCount)
            }
        }
        router.on(.components) { [settings] _, _ in
            .object { writer in
                writer.key("components")
                writer.beginArray()
                for component in settings.components { component.write(into: &writer) }
                writer.endArray()
            }
        }
    }
}

private func writeSources(_ pipeline: Pipeline, _ settings: HTTPInterface.Settings, into writer: inout JSONWriter) {
    let counts = pipeline.intake.counters.sources
    writer.key("sources")
    writer.beginArray()
    for (name, port) in pipeline.sources.sorted(by: { $0.key < $1.key }) {
        let counts = counts[name]
        writer.beginObject()
        writer.member("name", name)
        writer.member("cloud", port.origin.cloud)
        writer.key("format")
        writer.stringOrNull(settings.sources[name]?.format)
        writer.member("accepted", counts?.accepted ?? 0)
        writer.member("duplicates", counts?.duplicates ?? 0)
        writer.member("quarantined", counts?.quarantined ?? 0)
        writer.member("ignored", counts?.ignored ?? 0)
        writer.member("refused", counts?.refused ?? 0)
        writer.member("impossibletransitions", counts?.impossibleTransitions ?? 0)
        writer.member("stale", counts?.stale ?? 0)
        writer.endObject()
    }
    writer.endArray()
}
