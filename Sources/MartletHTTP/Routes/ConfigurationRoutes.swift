import Hummingbird
import Martlet
import MartletClient
import MartletJSON

/// `POST /v1/config/reload` and `DELETE /v1/forwarders/{name}`: what changes which forwarders there are.
struct ConfigurationRoutes {
    let control: any ConfigurationControl

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.reload) { [control] _, _ in
            let report = try await control.reload()
            return .object { report.write(into: &$0) }
        }
        router.on(.forgetForwarder) { [control] _, context in
            let name = try context.pathParameter("name")
            try await control.forget(name)
            return .object { $0.member("forgotten", name) }
        }
    }
}

extension ConfigurationState {
    /// Writes `"configuration": {…}`.
    func write(into writer: inout JSONWriter) {
        writer.key("configuration")
        writer.beginObject()
        writer.key("file")
        writer.stringOrNull(file)
        writer.key("reload")
        if let lastReload {
            writer.beginObject()
            writer.member("time", lastReload.time.description)
            writer.member("result", lastReload.refusal == nil ? "applied" : "refused")
            writer.key("reason")
            writer.stringOrNull(lastReload.refusal)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}
