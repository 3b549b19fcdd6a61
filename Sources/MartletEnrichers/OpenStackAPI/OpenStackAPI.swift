package import Logging
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
    package init(
        _ keystone: KeystoneSettings,
        timeout: Duration,
        time: any TimeSource,
        logger: Logger = Logger(label: "martlet.openstack")
    ) {
        let transfer = EnricherTransfer()
        self.transfer = transfer
        self.timeout = timeout
        self.time = time
        session = KeystoneSession(keystone, time: time, logger: logger) { request throws(TransferError) in
            try await transfer.perform(request)
        }
    }

    /// A resource by its id.
    package func resource(_ id: String, at path: OpenStackPath) async throws(OpenStackError) -> JSONValue {
        guard let place = path.place(of: id) else {
            throw OpenStackError(.invalid, "\(path.collection) of the \(path.service.rawValue) service have other ids.")
        }
        let root = try await get(place.path, place.query, of: path)
        guard let resource = path.member.map({ root[$0] }) ?? root, resource.kind == .object else {
            throw OpenStackAnswer(service: path.service, path: place.path).malformed
        }
        return resource
    }

    /// The same API, whose answers may take longer: a list of hundreds of resources does.
    package var patient: OpenStackAPI {
        var copy = self
        copy.timeout = max(timeout, Self.patience)
        return copy
    }

    /// For whom the services take the user. Where the token is some time old and has none of these roles, a newer one's word counts:
    /// somebody may have been given a role meanwhile.
    func user(having roles: Set<String>) async throws(OpenStackError) -> (projectID: String?, roles: Set<String>) {
        let token = try await token { !$0.roles.isDisjoint(with: roles) }
        return (token.projectID, token.roles)
    }

    /// All resources of a collection, a page at a time.
    package func pages(of path: OpenStackPath, size: Int = 500) -> OpenStackPages {
        OpenStackPages(api: self, path: path, size: size)
    }

    /// What is wrong with the token though it is still good, and what would help.
    package var warning: String? { session.warning }

    /// Lets go of the connections; what is asked from now on has no answer.
    package func close() async { await transfer.close() }

    /// What a service answers.
    func get(
        _ place: String,
        _ query: String,
        of path: OpenStackPath
    ) async throws(OpenStackError) -> JSONValue {
        let answer = OpenStackAnswer(service: path.service, path: place)
        let token = try await token { token in (try? url(of: path.service, token)) != nil }
        var response = try await perform("\(place)\(query)", of: path, token, answer)
        if response.status == 401 {
            response = try await perform("\(place)\(query)", of: path, self.token(after: token), answer)
        }
        return try answer.content(of: response, now: time.now)
    }

    private func perform(
        _ place: String,
        of path: OpenStackPath,
        _ token: KeystoneToken,
        _ answer: OpenStackAnswer
    ) async throws(OpenStackError) -> HTTPResponse {
        var headers = [(name: "x-auth-token", value: token.id.text), (name: "accept", value: "application/json")]
        if let version = path.microversion {
            // Nova's own name of it, which it took before there was a common one, and takes still.
            headers.append((name: "x-openstack-nova-api-version", value: version))
        }
        let request = HTTPRequest(
            url: "\(try url(of: path.service, token))/\(place)",
            headers: headers,
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

    /// A token, a newer one where the one that there is does not suffice and is not new.
    private func token(
        sufficing suffices: (KeystoneToken) -> Bool
    ) async throws(OpenStackError) -> KeystoneToken {
        do throws(KeystoneError) {
            let token = try await session.token()
            return suffices(token) ? token : await session.newerToken(than: token)
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
