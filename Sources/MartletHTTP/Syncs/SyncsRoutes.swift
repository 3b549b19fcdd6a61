import Hummingbird
import Martlet
import MartletClient
import MartletJSON
import MartletPipeline

/// `/v1/syncs`: reading a cloud's resources from its API into the index.
struct SyncsRoutes {
    let pipeline: Pipeline
    let reader: BodyReader

    private var syncs: Syncs { pipeline.syncs }

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.startSync) { [self] request, context in
            let status = try syncs.start(try SyncRequest(body: try await reader.read(request, context)))
            return .object(status: .created) { status.write(into: &$0) }
        }
        router.on(.listSyncs) { [self] _, _ in
            let all = syncs.all
            return .object { all.write(into: &$0) }
        }
        router.on(.sync) { [self] _, context in
            let status = try syncs.status(of: try id(context))
            return .object { status.write(into: &$0) }
        }
        router.on(.stopSync) { [self] _, context in
            let status = try await syncs.stop(try id(context), reason: "It was stopped over the API.")
            return .object { status.write(into: &$0) }
        }
    }

    private func id(_ context: APIContext) throws(Problem) -> SyncID {
        let text = try context.pathParameter("id")
        guard let id = Int64(text) else { throw Problem(.unknownSync, "There is no sync \(text).") }
        return SyncID(rawValue: id)
    }
}
