import Hummingbird
import MartletClient
import MartletPipeline

/// `POST /v1/sources/{name}`: events in a source's own format.
struct SourcesRoutes {
    let receiver: Receiver
    let callers: Callers
    let settings: HTTPInterface.Settings

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.postToSource) { [receiver, callers, settings] request, context in
            let name = try context.pathParameter("name")
            let secrets = settings.sources[name]?.secrets ?? []
            let signature = secrets.isEmpty ? nil : SourceSignature(secrets: secrets)
            do {
                // Who is not known is told so before the body is read, and learns nothing about the sources' names.
                if signature == nil {
                    try callers.requireAdministrator(request)
                } else {
                    try SourceSignature.code(request.headers[.xCSSignature])
                }
            } catch {
                if let port = try? receiver.port(name) { port.intake.counters.addRefused(source: port.name) }
                throw error
            }
            let port = try receiver.port(name)
            return try await receiver.receive(request, context, through: port, signature: signature)
        }
    }
}
