import Hummingbird
import MartletClient

extension RouterMethods where Context == APIContext {
    /// Serves an endpoint; parameters that it does not know are refused before the handler is asked.
    func on(
        _ endpoint: Endpoint,
        use handler: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) {
        let known = endpoint.parameters.filter { $0.place == .query }.map(\.name)
        on(RouterPath(endpoint.path), method: endpoint.method) { request, context in
            if !endpoint.takesOtherParameters, request.uri.query != nil { try request.query.requireNames(in: known) }
            return try await handler(request, context)
        }
    }
}

extension APIContext {
    /// A parameter of the path, decoded.
    func pathParameter(_ name: String) throws(Problem) -> String {
        guard let text = parameters.get(name).flatMap({ PercentEncoding.decode($0) }), !text.isEmpty else {
            throw .parameter(name, "\"\(name)\" in the path is not percent-encoded UTF-8.")
        }
        return text
    }
}
