import CRabbitMQ
import Glibc
import Martlet

/// Connects to the first host that answers and logs in; blocks.
struct ConnectionOpening {
    let settings: AMQPSettings
    let name: String
    let state: SessionState

    private static let frameMaximum: Int32 = 131_072

    /// - Throws: what the host said that came furthest: a refused password tells more than a host that does not answer.
    func open(
        limits: AMQPLimits,
        observer: @escaping @Sendable (AMQPNotice) -> Void
    ) throws(AMQPError) -> AMQPConnection {
        var best: AMQPError?
        for host in settings.hosts {
            guard !state.isCut else { throw .closed(at: settings.place) }
            do throws(AMQPError) {
                let handle = try connect(to: host)
                do throws(AMQPError) {
                    try logIn(handle, to: host)
                    return try AMQPConnection(
                        handle: handle,
                        place: settings.place(of: host),
                        limits: limits,
                        state: state,
                        observer: observer
                    )
                } catch {
                    state.hasDescriptor(nil)
                    amqp_destroy_connection(handle)
                    throw error
                }
            } catch {
                if best == nil || best?.code == .unreachable { best = error }
            }
        }
        throw best ?? .closed(at: settings.place)
    }

    private func connect(to host: AMQPSettings.Host) throws(AMQPError) -> amqp_connection_state_t {
        let place = settings.place(of: host)
        guard let handle = amqp_new_connection() else { throw .memory(at: place) }
        do throws(AMQPError) {
            let socket = try makeSocket(handle, place)
            var timeout = settings.connectTimeout.timeval
            let status = amqp_socket_open_noblock(socket, host.name, Int32(host.port), &timeout)
            guard status == AMQP_STATUS_OK.rawValue else { throw .opening(status, host: host, at: place) }
            state.hasDescriptor(amqp_get_sockfd(handle))
            amqp_set_handshake_timeout(handle, &timeout)
            amqp_set_rpc_timeout(handle, &timeout)
            return handle
        } catch {
            amqp_destroy_connection(handle)
            throw error
        }
    }

    private func makeSocket(_ handle: amqp_connection_state_t, _ place: String) throws(AMQPError) -> OpaquePointer {
        guard let tls = settings.tls else {
            guard let socket = amqp_tcp_socket_new(handle) else { throw .memory(at: place) }
            return socket
        }
        guard let socket = amqp_ssl_socket_new(handle) else { throw .memory(at: place) }
        amqp_ssl_socket_set_verify_peer(socket, tls.isVerifying ? 1 : 0)
        amqp_ssl_socket_set_verify_hostname(socket, tls.isVerifying ? 1 : 0)
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
        if tls.isVerifying || tls.certificateAuthority != nil {
            guard let file = tls.certificateAuthority ?? SystemCertificates.file else {
                throw AMQPError(
                    .tls,
                    "this system's certificates were not found",
                    at: place,
                    remedy: "name a file of certificates with ca-file"
                )
            }
            guard amqp_ssl_socket_set_cacert(socket, file) == AMQP_STATUS_OK.rawValue else {
                throw AMQPError(
                    .tls,
                    "no certificates can be read from \(file)",
                    at: place,
                    remedy: "check that ca-file is readable and in PEM"
                )
            }
        }
        if let certificate = tls.certificate, let key = tls.key {
            guard amqp_ssl_socket_set_key(socket, certificate, key) == AMQP_STATUS_OK.rawValue else {
                throw AMQPError(
                    .tls,
                    "the certificate \(certificate) cannot be used with the key \(key)",
                    at: place,
                    remedy: "check that certificate-file and key-file are readable, in PEM, and belong together"
                )
            }
        }
        return socket
    }

    private func logIn(_ handle: amqp_connection_state_t, to host: AMQPSettings.Host) throws(AMQPError) {
        var arena = Arena()
        // The library says by itself that it understands authentication_failure_close.
        let capabilities = ["basic.nack", "connection.blocked", "consumer_cancel_notify", "publisher_confirms"]
        let table = arena.table(capabilities.map { ($0, arena.value(.boolean(true))) })
        let properties: [(String, AMQPValue)] = [
            ("connection_name", .string("martlet \(name)")), ("product", .string("Martlet")),
            ("version", .string(Release.version)),
        ]
        var entries = properties.map { (name: $0.0, value: arena.value($0.1)) }
        entries.append((name: "capabilities", value: Arena.value(table)))
        var all = arena.table(entries)
        let seconds = Int32(settings.heartbeat.components.seconds)
        let reply =
            switch settings.mechanism {
            case .plain:
                crabbitmq_login_plain(
                    handle,
                    settings.virtualHost,
                    Self.frameMaximum,
                    seconds,
                    &all,
                    host.username,
                    host.password
                )
            case .external:
                // RabbitMQ takes the identity from the certificate and does not look at this one; the library wants one.
                crabbitmq_login_external(
                    handle,
                    settings.virtualHost,
                    Self.frameMaximum,
                    seconds,
                    &all,
                    host.username.isEmpty ? "guest" : host.username
                )
            }
        guard reply.reply_type != AMQP_RESPONSE_NORMAL else { return }
        throw .loggingIn(reply, host: host, settings: settings)
    }
}

extension Duration {
    var timeval: timeval {
        let (seconds, attoseconds) = components
        return Glibc.timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
