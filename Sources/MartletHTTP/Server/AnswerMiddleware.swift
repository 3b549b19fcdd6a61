import HTTPTypes
import Hummingbird
import Logging
import MartletClient

/// The outermost layer: makes a problem document of everything that goes wrong, counts, and ends connections whose
/// client sends what nobody reads.
struct AnswerMiddleware: RouterMiddleware {
    let counters: RequestCounters
    let endings: ConnectionEndings

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(to: error, request, context)
        }
        if request.announcesBody, !context.bodyState.isRead, let channel = context.channel {
            response.headers[.connection] = "close"
            endings.mark(channel)
        }
        counters.count(request.method, status: response.status.code)
        return response
    }

    private func answer(to error: any Error, _ request: Request, _ context: APIContext) -> Response {
        let path = request.uri.path
        if isRouteMissing(error), let methods = Endpoint.methods(at: path) {
            let allowed = (methods.map(\.rawValue) + ["OPTIONS"]).joined(separator: ", ")
            if request.method == .options { return Response(status: .noContent, headers: [.allow: allowed]) }
            let detail = "\(request.method.rawValue) is not one of the methods here: \(allowed)."
            var response = Response(problem: Problem(.methodNotAllowed, detail, instance: path), to: request)
            response.headers[.allow] = allowed
            return response
        }
        var problem = Problem(describing: error)
        problem.instance = path
        if problem.code == .internal {
            // The path alone: a query or header may hold what does not belong into a log.
            context.logger.error(
                "A request failed.",
                metadata: ["method": "\(request.method.rawValue)", "path": "\(path)", "error": "\(error)"]
            )
        }
        return Response(problem: problem, to: request)
    }

    /// Whether the router found nobody for a method and path.
    private func isRouteMissing(_ error: any Error) -> Bool {
        (error as? HTTPError)?.status == .notFound
    }
}
