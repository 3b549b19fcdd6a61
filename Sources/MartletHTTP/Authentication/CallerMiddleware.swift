import Hummingbird

/// Lets those pass who are known by a token, and says to the handler who it is.
struct CallerMiddleware: RouterMiddleware {
    let callers: Callers

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.knownCaller = try callers.caller(of: request)
        return try await next(request, context)
    }
}
