import Hummingbird

/// Lets only those pass who have the administrator's token.
struct AdministratorMiddleware: RouterMiddleware {
    let token: AdministratorToken

    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        try token.check(request)
        return try await next(request, context)
    }
}
