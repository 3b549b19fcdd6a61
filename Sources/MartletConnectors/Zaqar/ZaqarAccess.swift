import Logging
import MartletKeystone
import MartletPipeline
import MartletTransfer

/// Gets requests to Zaqar past its door: with a token of Keystone's, a signature, or nothing but a project's name.
struct ZaqarAccess: Sendable {
    private enum Way: Sendable {
        case open(project: String)
        case token(KeystoneSession)
        case signed(ZaqarSignedURL)
    }

    private let way: Way
    private let url: String?
    private let response: ZaqarResponse
    private let time: any TimeSource

    init(_ configuration: ZaqarConfiguration, time: any TimeSource, logger: Logger) {
        url = configuration.url
        self.time = time
        switch configuration.authentication {
        case .none(let project):
            way = .open(project: project)
            response = ZaqarResponse(isSigned: false)
        case .keystone(let settings):
            let session = KeystoneSession(settings, time: time, logger: logger) { request throws(TransferError) in
                try await SharedTransfer.shared.started().perform(request)
            }
            way = .token(session)
            response = ZaqarResponse(isSigned: false)
        case .signed(let signed):
            way = .signed(signed)
            response = ZaqarResponse(isSigned: true)
        }
    }

    /// Sends a request; one that Zaqar does not take the token for a second time, with a new one.
    func send(
        accepting accepted: Set<Int>,
        _ make: @Sendable (ZaqarRequest.Access) -> HTTPRequest
    ) async -> ZaqarVerdict {
        switch way {
        case .open(let project):
            let access = ZaqarRequest.Access(url: url ?? "", headers: [("x-project-id", project)], secrets: [])
            return await perform(make, accepted, access).verdict
        case .signed(let signed):
            guard time.now < signed.expiry else {
                return .gone("The signed URL has expired on \(signed.expiry): ask for another one.")
            }
            let access = ZaqarRequest.Access(url: url ?? "", headers: signed.headers, secrets: [signed.signature])
            return await perform(make, accepted, access).verdict
        case .token(let session):
            do throws(KeystoneError) {
                let token = try await session.token()
                let first = await perform(make, accepted, try access(token, session))
                guard first.isUnauthorized else { return first.verdict }
                let other = try await session.token(after: token)
                return await perform(make, accepted, try access(other, session)).verdict
            } catch {
                return response.verdict(of: error, now: time.now)
            }
        }
    }

    private func access(
        _ token: KeystoneToken,
        _ session: KeystoneSession
    ) throws(KeystoneError) -> ZaqarRequest.Access {
        let base =
            if let url { url } else { try token.catalogue.url(ofType: "messaging", for: session.settings) }
        return ZaqarRequest.Access(
            url: base.hasSuffix("/v2") ? String(base.dropLast(3)) : base,
            headers: [("x-auth-token", token.id.text)],
            secrets: [token.id.text]
        )
    }

    private func perform(
        _ make: @Sendable (ZaqarRequest.Access) -> HTTPRequest,
        _ accepted: Set<Int>,
        _ access: ZaqarRequest.Access
    ) async -> (verdict: ZaqarVerdict, isUnauthorized: Bool) {
        do throws(TransferError) {
            let answer = try await SharedTransfer.shared.started().perform(make(access))
            let verdict = response.verdict(of: answer, accepting: accepted, hiding: access.secrets, now: time.now)
            return (verdict, answer.status == 401)
        } catch {
            return (response.verdict(of: error), false)
        }
    }
}
