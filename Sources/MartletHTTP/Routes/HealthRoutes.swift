import Hummingbird
import MartletJSON

/// What may be asked without a token: whether Martlet is alive and ready, and what the API is.
struct HealthRoutes {
    let readiness: Readiness

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.health) { _, _ in .object { $0.member("status", "ok") } }
        router.on(.readiness) { [readiness] _, _ in
            try await readiness.check()
            return .object { $0.member("status", "ok") }
        }
        // Made once: it is the same for as long as the process runs.
        let document = OpenAPI.document
        router.on(.openAPI) { _, _ in Response(json: document) }
    }
}
