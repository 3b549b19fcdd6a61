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

    private let session: KeystoneSession
    private let timeout: Duration
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

    /// All resources of a collection, a page at a time.
    package func pages(of path: OpenStackPath, size: Int = 500) -> OpenStackPages {
        OpenStackPages(api: self, path: path, size: size)
    }

    /// Lets go of the connections; what is asked from now on has no answer.
    package func close() async { await transfer.close() }

    /// What a service answers.
    fileprivate func get(
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
        return OpenStackError(.noAccess, error.message, retryAfter: wait?.duration)
    }
}

/// The pages of a collection.
package struct OpenStackPages: Sendable {
    private let api: OpenStackAPI
    private let path: OpenStackPath
    private let size: Int
    private var marker: String?
    private var isOver = false

    fileprivate init(api: OpenStackAPI, path: OpenStackPath, size: Int) {
        self.api = api
        self.path = path
        self.size = size
    }

    /// The next page, never empty; `nil` behind the last one. What threw may be asked for again.
    package mutating func next() async throws(OpenStackError) -> [JSONValue]? {
        guard !isOver else { return nil }
        let query = "?limit=\(size)" + (marker.map { "&marker=\(OpenStackPath.escape($0))" } ?? "")
        let root = try await api.get(path.listPath, query, of: path.service)
        guard let list = root[path.listMember], list.kind == .array else {
            throw OpenStackAnswer(service: path.service, path: path.listPath).malformed
        }
        let page = Array(list.elements)
        // A service may give fewer than asked for; Keystone, and Neutron where it is told to, give all at once.
        guard let last = page.last?["id"]?.string, last != marker else {
            isOver = true
            return page.isEmpty || marker != nil ? nil : page
        }
        marker = last
        isOver = path.service == .identity || page.count > size
        return page
    }
}
