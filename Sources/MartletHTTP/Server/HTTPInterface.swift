#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
package import MartletPipeline
import NIOCore
import ServiceLifecycle

/// The API, the HTTP sources and the metrics: everything that Martlet says and hears over HTTP.
///
/// Bounded against those who send slowly or much: see ``Settings``. A graceful shutdown stops accepting, ends long
/// polls at once and lets running requests finish.
package struct HTTPInterface: Service {
    let settings: Settings
    private let logger: Logger
    private let onListening: @Sendable (_ host: String, _ port: Int) -> Void
    private let responder: RouterResponder<APIContext>
    private let endings: ConnectionEndings
    let connections: Connections

    /// - Parameter onListening: called once, when connections are accepted, with the address that is really listened
    ///   on.
    package init(
        pipeline: Pipeline,
        settings: Settings,
        logger: Logger,
        onListening: @escaping @Sendable (_ host: String, _ port: Int) -> Void = { _, _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        endings = ConnectionEndings()
        connections = Connections(
            maximum: settings.maximumConnections,
            patience: .nanoseconds(settings.idleTimeout.nanosecondCount)
        )
        responder = HTTPInterface.makeRouter(pipeline: pipeline, settings: settings, endings: endings).buildResponder()
    }

    package func run() async throws {
        let application = Application(
            responder: responder,
            server: makeServer(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port)
            ),
            onServerRunning: { [settings, onListening] channel in
                onListening(settings.host, channel.localAddress?.port ?? settings.port)
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListeningFailure(
                description: String(cString: strerror(error.errnoCode)),
                isInUse: error.errnoCode == EADDRINUSE
            )
        }
    }
}

/// What kept the interface from listening, in the system's words: `Address already in use`.
package struct ListeningFailure: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether somebody else listens there.
    package let isInUse: Bool
}

// MARK: - Connections

extension HTTPInterface {
    /// HTTP/1.1 that asks for large bodies only when it wants them, and that hangs up on those who go on sending what
    /// nobody reads.
    private func makeServer() -> HTTPServerBuilder {
        HTTPServerBuilder { [settings, endings, connections] responder in
            HTTP1Channel(
                responder: { request, writer, channel in
                    connections.begin(channel)
                    defer {
                        connections.end(channel)
                        // Where the answer could not be written: another channel may have this one's place in memory next.
                        _ = endings.take(channel)
                    }
                    let isWaiting = request.headers[.expect]?.lowercased() == "100-continue"
                    if isWaiting, !request.announcesMore(than: settings.maximumBodyBytes) {
                        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                    }
                    try await responder(request, writer, channel)
                    if endings.take(channel) { try await HTTPInterface.end(channel) }
                },
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionHandler(connections)],
                    idleTimeout: .nanoseconds(settings.idleTimeout.nanosecondCount)
                )
            )
        }
    }

    /// Ends a connection whose client may still be sending: were it closed at once, the client would see a reset
    /// instead of the answer.
    private static func end(_ channel: any Channel) async throws {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        try await channel.close(mode: .output)
    }
}

extension Duration {
    fileprivate var nanosecondCount: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

// MARK: - Routes

extension HTTPInterface {
    static func makeRouter(
        pipeline: Pipeline,
        settings: Settings,
        endings: ConnectionEndings
    ) -> Router<APIContext> {
        let counters = RequestCounters()
        let callers = Callers(
            administrator: AdministratorToken(hash: settings.adminTokenHash, location: settings.adminTokenLocation),
            readers: settings.readers
        )
        let receiver = Receiver(
            pipeline: pipeline,
            settings: settings,
            reader: BodyReader(
                limit: settings.maximumBodyBytes,
                timeout: settings.requestTimeout,
                budget: BodyBudget(limit: settings.maximumHeldBodyBytes)
            )
        )

        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerMiddleware(counters: counters, endings: endings))

        HealthRoutes(readiness: Readiness(pipeline: pipeline)).add(to: router)
        SourcesRoutes(receiver: receiver, callers: callers, settings: settings).add(to: router)

        let administrators = router.group().add(middleware: AdministratorMiddleware(callers: callers))
        let everybodyKnown = router.group().add(middleware: CallerMiddleware(callers: callers))
        let metrics = MetricsRoute(
            metrics: Metrics(
                pipeline: pipeline,
                version: settings.version,
                requests: counters,
                control: settings.control
            )
        )
        metrics.add(to: settings.isMetricsPublic ? router.group() : administrators)
        let events = EventsRoutes(pipeline: pipeline, receiver: receiver)
        events.addPublishing(to: administrators)
        events.add(to: everybodyKnown)
        ResourcesRoutes(store: pipeline.store).add(to: everybodyKnown)
        ForwardersRoutes(pipeline: pipeline, reader: receiver.reader).add(to: administrators)
        DeadLettersRoutes(store: pipeline.store).add(to: administrators)
        QuarantineRoutes(pipeline: pipeline, reader: receiver.reader).add(to: administrators)
        ConfigurationRoutes(control: settings.control).add(to: administrators)
        ReplaysRoutes(pipeline: pipeline, reader: receiver.reader).add(to: administrators)
        SyncsRoutes(pipeline: pipeline, reader: receiver.reader).add(to: administrators)
        StatusRoutes(pipeline: pipeline, settings: settings).add(to: administrators)
        return router
    }
}
