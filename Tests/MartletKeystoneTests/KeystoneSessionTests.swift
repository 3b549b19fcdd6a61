import Logging
import MartletJSON
import MartletTesting
import MartletTransfer
import Synchronization
import Testing

@testable import MartletKeystone

/// Tokens from a stand-in for Keystone, which follows the Identity API v3 and fails as it is told.
@Suite(.timeLimit(.minutes(2))) struct KeystoneSessionTests {
    private static let application = KeystoneCredential.application(
        id: "i1",
        secret: KeystoneSecret(KeystoneStandIn.applicationSecret)
    )

    private static func session(
        _ keystone: KeystoneStandIn,
        credential: KeystoneCredential = application,
        time: ManualTime = ManualTime(),
        timeout: Duration = .seconds(15),
        log: LogCapture = LogCapture()
    ) throws -> KeystoneSession {
        let settings = KeystoneSettings(url: keystone.url, credential: credential, timeout: timeout)
        let transfer = try HTTPTransfer()
        return KeystoneSession(settings, time: time, logger: log.logger) { request throws(TransferError) in
            try await transfer.perform(request)
        }
    }

    private static func failure(_ session: KeystoneSession) async -> KeystoneError? {
        do throws(KeystoneError) {
            _ = try await session.token()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a token comes with its project and the catalogue, by application credential and by password`()
        async throws
    {
        let keystone = try await KeystoneStandIn.start(messaging: "http://zaqar.example:8888")
        let password = KeystoneCredential.password(
            user: .name("martlet", domain: .name("Default")),
            password: KeystoneSecret(KeystoneStandIn.password),
            project: .name("events", domain: .name("Default"))
        )
        for credential in [Self.application, password] {
            let session = try Self.session(keystone, credential: credential)
            let token = try await session.token()
            #expect(token.projectID == KeystoneStandIn.projectID)
            #expect(try token.catalogue.url(ofType: "messaging", for: session.settings) == "http://zaqar.example:8888")
            #expect("\(token)".contains("s33ded") == false)
        }
    }

    @Test func `however many ask at once, one request is made`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let session = try Self.session(keystone)
        let tokens = try await withThrowingTaskGroup(of: KeystoneToken.self) { group in
            for _ in 1...50 { group.addTask { try await session.token() } }
            return try await group.reduce(into: Set<KeystoneToken>()) { $0.insert($1) }
        }
        #expect(tokens.count == 1)
        let requests = try await keystone.requests()
        #expect(requests.count == 1)
    }

    @Test func `a token is renewed before it ends, and used on where that fails`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let session = try Self.session(keystone, time: time)
        try await keystone.script(.init(life: 1_000), .init(status: 503), .init(life: 1_000))
        let first = try await session.token()
        time.advance(by: .seconds(899))
        #expect(try await session.token() == first)

        time.advance(by: .seconds(2))
        #expect(try await session.token() == first, "it is still good")
        try await eventually("the renewal has failed") { await session.isResting }
        #expect(try await session.token() == first, "which is not tried again at once")
        #expect(try await keystone.requests().count == 2)

        time.advance(by: KeystoneRenewal.firstPause)
        try await eventually("another token") { try await session.token() != first }
        #expect(try await keystone.requests().count == 3)
    }

    @Test func `a renewal that fails is told of once with the remedy, and tried again less and less often`()
        async throws
    {
        let keystone = try await KeystoneStandIn.start()
        let (time, log) = (ManualTime(), LogCapture())
        let session = try Self.session(keystone, time: time, log: log)
        try await keystone.script(.init(life: 3_600), .init(status: 404))
        let first = try await session.token()
        time.advance(by: .seconds(3_301))
        for (count, pause) in [(2, 15), (3, 30), (4, 60), (5, 120)] {
            #expect(try await session.token() == first)
            try await eventually("it has been tried") { await session.isResting }
            time.advance(by: .seconds(pause - 1))
            #expect(await session.isResting, "and is not tried again before \(pause) s")
            #expect(try await session.token() == first)
            #expect(try await keystone.requests().count == count)
            time.advance(by: .seconds(1))
            #expect(await !session.isResting)
        }
        let warning = try #require(session.warning)
        #expect(warning.contains("is good for 74 s more") && warning.contains("404: check auth-url"), "\(warning)")
        let warnings = log.lines.filter { $0.level == .warning }
        #expect(warnings.count == 1 && warnings.first?.metadata["ends-in"] == "299 s")
        #expect(warnings.first?.metadata["error"]?.contains("check auth-url") == true)

        // At its end at the latest, whatever the pause.
        #expect(try await session.token() == first)
        try await eventually("it has been tried") { await session.isResting }
        try await keystone.script(.init())
        time.advance(by: .seconds(74))
        #expect(try await session.token() != first)
        #expect(session.warning == nil)
        #expect(log.lines.last?.level == .notice && log.lines.last?.metadata["failures"] == "5")
    }

    @Test func `a token that does not suffice is exchanged where it is not new, and kept where there is no other`()
        async throws
    {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let session = try Self.session(keystone, time: time)
        let first = try await session.token()
        #expect(await session.newerToken(than: first) == first)
        #expect(try await keystone.requests().count == 1)
        time.advance(by: KeystoneSession.staleness)
        try await keystone.script(.init(status: 503), .init())
        #expect(await session.newerToken(than: first) == first)
        #expect(await session.newerToken(than: first) == first, "which is not tried again at once")
        #expect(try await keystone.requests().count == 2)
        time.advance(by: KeystoneRenewal.firstPause)
        let other = await session.newerToken(than: first)
        #expect(other != first)
        #expect(await session.newerToken(than: first) == other, "whoever comes late gets the same")
        #expect(try await keystone.requests().count == 3)
    }

    @Test func `nobody waits for the renewal of a token that is still good`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let session = try Self.session(keystone, time: time)
        try await keystone.script(.init(life: 1_000), .init(hang: true))
        let first = try await session.token()
        time.advance(by: .seconds(901))
        // Before the request has run out of its fifteen seconds.
        let start = ContinuousClock.now
        for _ in 1...10 { #expect(try await session.token() == first) }
        try await eventually("the renewal") { try await keystone.requests().count == 2 }
        #expect(try await session.token() == first)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(await !session.isResting)
    }

    @Test func `a token that comes later than its asker waits is there for the next`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let session = try Self.session(keystone)
        try await keystone.script(.init(hang: true))
        // A task of its own, because cancelling it is what is tried; its value is awaited below.
        let impatient = Task { await Self.failure(session) }
        try await eventually("Keystone has been asked") { try await keystone.requests().count == 1 }
        impatient.cancel()
        #expect(await impatient.value?.code == .cancelled)
        try await keystone.release()
        _ = try await session.token()
        #expect(try await keystone.requests().count == 1)
    }

    @Test func `a token that has ended is not used, whatever the renewal says`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let session = try Self.session(keystone, time: time)
        try await keystone.script(.init(life: 60), .init(status: 500), .init())
        let first = try await session.token()
        time.advance(by: .seconds(61))
        let failure = await Self.failure(session)
        #expect(failure?.code == .unavailable)
        #expect(try await session.token() != first)
    }

    @Test func `a token that a service refuses is exchanged once for all who have it`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let session = try Self.session(keystone)
        let first = try await session.token()
        let others = try await withThrowingTaskGroup(of: KeystoneToken.self) { group in
            for _ in 1...20 { group.addTask { try await session.token(after: first) } }
            return try await group.reduce(into: Set<KeystoneToken>()) { $0.insert($1) }
        }
        #expect(others.count == 1 && !others.contains(first))
        // Somebody who comes late with the first one gets what the others have.
        let late = try await session.token(after: first)
        #expect(others == [late])
        #expect(try await keystone.requests().count == 2)
    }

    @Test func `a refused credential is not tried again and again`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let wrong = KeystoneCredential.application(id: "i1", secret: KeystoneSecret("wrong"))
        let session = try Self.session(keystone, credential: wrong, time: time)
        for _ in 1...5 {
            let failure = await Self.failure(session)
            #expect(failure?.code == .refused)
        }
        #expect(try await keystone.requests().count == 1)
        time.advance(by: KeystoneSession.refusalPause)
        _ = await Self.failure(session)
        #expect(try await keystone.requests().count == 2)
    }

    /// A way to fail, and what is said of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var step: KeystoneStandIn.Step
        var code: KeystoneError.Code
        var retryAfter: String?

        init(_ name: String, _ step: KeystoneStandIn.Step, _ code: KeystoneError.Code, retryAfter: String? = nil) {
            (testDescription, self.step, self.code, self.retryAfter) = (name, step, code, retryAfter)
        }
    }

    private static let faults = [
        Fault("401", .init(status: 401), .refused),
        Fault("403", .init(status: 403), .refused),
        Fault("404", .init(status: 404), .notFound),
        Fault("400 that quotes the request", .init(status: 400, text: "$REQUEST"), .refused),
        Fault("500 that quotes the request", .init(status: 500, text: "$REQUEST"), .unavailable),
        Fault(
            "429",
            .init(status: 429, headers: ["Retry-After": "7"]),
            .unavailable,
            retryAfter: "7"
        ),
        Fault(
            "503",
            .init(status: 503, headers: ["Retry-After": "9"]),
            .unavailable,
            retryAfter: "9"
        ),
        Fault("an answer that breaks off", .init(truncate: 40), .unreachable),
        Fault(
            "JSON that breaks off",
            .init(headers: ["X-Subject-Token": "s33ded"], text: #"{"token":{"issued_at":"2026-"#),
            .malformed
        ),
        Fault("a page in HTML", .init(text: "<html>$REQUEST</html>"), .malformed),
        Fault(
            "a token without its end",
            .init(headers: ["X-Subject-Token": "s33ded"], text: #"{"token":{}}"#),
            .malformed
        ),
        Fault("a redirect", .init(status: 301, headers: ["Location": "/"]), .notFound),
        Fault("no answer", .init(hang: true), .unreachable),
    ]

    @Test(arguments: faults)
    func `a failure says what is wrong, without the secret, and the next attempt gets a token`(_ fault: Fault)
        async throws
    {
        let keystone = try await KeystoneStandIn.start()
        let time = ManualTime()
        let session = try Self.session(keystone, time: time, timeout: .seconds(2))
        try await keystone.script(fault.step, .init())
        let failure = try #require(await Self.failure(session))
        #expect(failure.code == fault.code)
        #expect(failure.retryAfter == fault.retryAfter)
        #expect(!"\(failure)".contains("s33ded") && !String(reflecting: failure).contains("s33ded"))
        time.advance(by: KeystoneSession.refusalPause)
        let later = await Self.failure(session)
        #expect(later == nil)
    }

    @Test func `who waits is not failed by another's cancellation`() async throws {
        let keystone = try await KeystoneStandIn.start()
        let session = try Self.session(keystone)
        try await keystone.script(.init(hang: true))
        // A task of its own, because cancelling it is what is tried; its value is awaited below.
        let first = Task { await Self.failure(session) }
        try await eventually("Keystone has been asked") { try await keystone.requests().count == 1 }
        async let second = session.token()
        // It either waits for the first one or comes after it: both have to end well.
        await Task.yield()
        first.cancel()
        #expect(await first.value?.code == .cancelled)
        try await keystone.release()
        _ = try await second
        #expect(try await keystone.requests().count == 1)
    }
}
