import Hummingbird

/// Lets only those pass who have the administrator's token.
struct AdministratorMiddleware: RouterMiddleware {
    let callers: Callers

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        try callers.requireAdministrator(request)
        return try await next(request, context)
    }
}
