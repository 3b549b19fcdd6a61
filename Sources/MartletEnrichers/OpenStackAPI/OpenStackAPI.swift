import Martlet
package import MartletJSON
package import MartletKeystone
package import MartletPipeline
import MartletTransfer

/// OpenStack's services, asked with a token of Keystone's at the endpoints of its catalogue.
///
/// A token that a service does not take is renewed once. Nothing else is retried, and no answer remembered.
package struct OpenStackAPI: Sendable {
    private static let maximumResponseBytes = 16 << 20

    /// How long a list may take at the least.
    private static let patience = Duration.seconds(60)

    private let session: KeystoneSession
    private var timeout: Duration
    private let time: any TimeSource
    private let transfer: EnricherTransfer

    /// - Parameter timeout: how long one request to a service may take.
    package init(_ keystone: KeystoneSettings, timeout: Duration, time: any TimeSource) {
        let transfer = EnricherTransfer()
        self.transfer = transfer
        self.timeout = timeout
        self.time = time
        session = KeystoneSession(keystone, time: time) { request throws(TransferError) in
            try await transfer.perform(request)
        }
    }

    /// A resource by its id.
    package func resource(_ id: String, at path: OpenStackPath) async throws(OpenStackError) -> JSONValue {
        let place = "\(path.collection)/\(OpenStackPath.escape(id))"
        let root = try await get(place, of: path.service)
        guard let resource = path.member.map({ root[$0] }) ?? root, resource.kind == .object else {
            throw OpenStackAnswer(service: path.service, path: place).malformed
        }
        return resource
    }

    /// The same API, whose answers may take longer: a list of hundreds of resources does.
    package var patient: OpenStackAPI {
        var copy = self
        copy.timeout = max(timeout, Self.patience)
        return copy
    }

    /// Whether the services take the user for an administrator, by their default policies: they show others what these may see,
    /// without a word about it.
    package func isAdministrator() async throws(OpenStackError) -> Bool { try await token().roles.contains("admin") }

    /// All resources of a collection, a page at a time.
    package func pages(of path: OpenStackPath, size: Int = 500) -> OpenStackPages {
        OpenStackPages(api: self, path: path, size: size)
    }

    /// Lets go of the connections; what is asked from now on has no answer.
    package func close() async { await transfer.close() }

    /// What a service answers.
    func get(
        _ path: String,
        _ query: String = "",
        of service: OpenStackService
    ) async throws(OpenStackError) -> JSONValue {
        let answer = OpenStackAnswer(service: service, path: path)
        let token = try await token()
        var response = try await perform("\(path)\(query)", of: service, token, answer)
        if response.status == 401 {
            response = try await perform("\(path)\(query)", of: service, self.token(after: token), answer)
        }
        return try answer.content(of: response, now: time.now)
    }

    private func perform(
        _ path: String,
        of service: OpenStackService,
        _ token: KeystoneToken,
        _ answer: OpenStackAnswer
    ) async throws(OpenStackError) -> HTTPResponse {
        let request = HTTPRequest(
            url: "\(try url(of: service, token))/\(path)",
            headers: [("x-auth-token", token.id.text), ("accept", "application/json")],
            timeout: timeout,
            connectTimeout: min(timeout, .seconds(5)),
            maximumResponseBytes: Self.maximumResponseBytes,
            certificateAuthority: session.settings.certificateAuthority
        )
        do throws(TransferError) {
            return try await transfer.perform(request)
        } catch {
            throw answer.error(error)
        }
    }

    /// Where a service is. Keystone is where it has been asked for the token.
    private func url(of service: OpenStackService, _ token: KeystoneToken) throws(OpenStackError) -> String {
        if service == .identity { return session.settings.url }
        let types = service.catalogueTypes
        let type = types.first { type in token.catalogue.endpoints.contains { $0.type == type } } ?? types[0]
        do throws(KeystoneError) {
            return service.url(ofEndpoint: try token.catalogue.url(ofType: type, for: session.settings))
        } catch {
            throw access(error)
        }
    }

    private func token() async throws(OpenStackError) -> KeystoneToken {
        do throws(KeystoneError) {
            return try await session.token()
        } catch {
            throw access(error)
        }
    }

    private func token(after refused: KeystoneToken) async throws(OpenStackError) -> KeystoneToken {
        do throws(KeystoneError) {
            return try await session.token(after: refused)
        } catch {
            throw access(error)
        }
    }

    private func access(_ error: KeystoneError) -> OpenStackError {
        let wait = error.retryAfter.flatMap { RetryAfter($0, now: time.now) }
        let code = error.code == .noEndpoint ? OpenStackError.Code.noService : .noAccess
        return OpenStackError(code, error.message, retryAfter: wait?.duration)
    }
}
