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
            let store = try await StoreStatus(pipeline)
            let quarantined = try await pipeline.store.quarantineCounts().values.reduce(0, +)
            let replays = try await pipeline.store.replays().filter { !$0.state.hasEnded }
            return .object { writer in
                writer.member("version", settings.version)
                writer.member("started", started.description)
                store.write(into: &writer)
                settings.control.state.write(into: &writer)
                SourceStatuses(pipeline, settings).write(into: &writer)
                EnricherStatuses(pipeline).write(into: &writer)
                forwarders.write(into: &writer)
                ReplayStatuses(replays: pipeline.replays).write(replays, into: &writer)
                pipeline.syncs.all.filter { $0.state == .running }.write(into: &writer)
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
