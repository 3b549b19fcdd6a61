import CRabbitMQ

// What the library and the broker answered, in words for the operator.

extension AMQPError {
    static func closed(at place: String) -> AMQPError {
        AMQPError(.closed, "the session was closed", at: place, remedy: "open another")
    }

    static func memory(at place: String) -> AMQPError {
        AMQPError(.failed, "there is no memory for a connection", at: place, remedy: "give the process more memory")
    }

    /// The broker has said that it takes no messages now.
    static func blocked(_ reason: String, at place: String) -> AMQPError {
        AMQPError(
            .blocked,
            "the broker takes no messages: \(reason)",
            at: place,
            remedy: "free the broker's memory or disk, or have its consumers catch up"
        )
    }

    /// What was published has not been confirmed in time.
    static func unconfirmed(at place: String) -> AMQPError {
        AMQPError(
            .timedOut,
            "the broker has not confirmed the messages in time",
            at: place,
            remedy: "look at the broker's load and alarms and at the queues behind the exchange, or raise the timeout"
        )
    }

    /// The broker reads nothing, so that a write does not end.
    static func unread(at place: String) -> AMQPError {
        AMQPError(
            .timedOut,
            "the broker does not read what it is sent",
            at: place,
            remedy: "look at the broker's memory and disk alarms, and at the network between"
        )
    }

    /// Why a socket could not be opened.
    static func opening(_ status: Int32, host: AMQPSettings.Host, at place: String) -> AMQPError {
        switch amqp_status_enum(status) {
        case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED:
            AMQPError(.unreachable, "the name \(host.name) is not known", at: place, remedy: "check the host's name")
        case AMQP_STATUS_TIMEOUT:
            AMQPError(
                .unreachable,
                "nobody answers at \(host.name), port \(host.port)",
                at: place,
                remedy: "check host, port and firewalls between, or raise connect-timeout"
            )
        case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED:
            AMQPError(
                .tls,
                "the broker's certificate is not for the name \(host.name)",
                at: place,
                remedy: "connect by a DNS name that the certificate has"
            )
        case AMQP_STATUS_SSL_PEER_VERIFY_FAILED:
            AMQPError(
                .tls,
                "the broker's certificate is not signed by anybody who is trusted",
                at: place,
                remedy: "name the authority's certificate with ca-file, and check that the broker's is not out of date"
            )
        case AMQP_STATUS_SSL_ERROR, AMQP_STATUS_SSL_CONNECTION_FAILED:
            AMQPError(
                .tls,
                "no encrypted connection could be made with \(host.name), port \(host.port)",
                at: place,
                remedy: "check that the port speaks TLS 1.2 or later, and the broker's certificate against ca-file"
            )
        default:
            AMQPError(
                .unreachable,
                "\(host.name), port \(host.port), takes no connection",
                at: place,
                remedy: "check that the broker runs, host and port"
            )
        }
    }

    /// Why a login failed.
    static func loggingIn(_ reply: amqp_rpc_reply_t, host: AMQPSettings.Host, settings: AMQPSettings) -> AMQPError {
        let place = settings.place(of: host)
        guard let close = BrokerClose(reply) else {
            switch amqp_status_enum(reply.library_error) {
            case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD:
                return AMQPError(
                    .credentials,
                    "the broker does not offer to log in by \(settings.mechanism.rawValue)",
                    at: place,
                    remedy: "choose another sasl, or enable the mechanism at the broker"
                )
            case AMQP_STATUS_CONNECTION_CLOSED, AMQP_STATUS_SOCKET_ERROR, AMQP_STATUS_BAD_AMQP_DATA:
                return AMQPError(
                    .lost,
                    "\(host.name), port \(host.port), ends the connection before the login",
                    at: place,
                    remedy:
                        "check that the port is the broker's for AMQP, and that TLS is wanted on both sides or neither"
                )
            default:
                return .library(reply.library_error, at: place)
            }
        }
        switch close.code {
        case 403:
            let who = settings.mechanism == .plain ? "the user “\(host.username)”" : "the client's certificate"
            return AMQPError(
                .credentials,
                "the broker refuses \(who)",
                at: place,
                remedy: settings.mechanism == .plain
                    ? "check username and password; RabbitMQ lets guest in from its own machine only"
                    : "check that the broker knows a user of the certificate's name"
            )
        case 402, 530:
            return AMQPError(
                .virtualHost,
                "the virtual host “\(settings.virtualHost)” cannot be entered: \(close.text)",
                at: place,
                remedy: "check vhost, and that the user has permissions in it"
            )
        default:
            return close.error(at: place)
        }
    }

    /// What the library says of a connection.
    static func library(_ status: Int32, at place: String) -> AMQPError {
        switch amqp_status_enum(status) {
        case AMQP_STATUS_TIMEOUT:
            return AMQPError(
                .timedOut,
                "the broker did not answer in time",
                at: place,
                remedy: "look at the broker's load and alarms, or raise connect-timeout"
            )
        case AMQP_STATUS_HEARTBEAT_TIMEOUT:
            return AMQPError(
                .lost,
                "the broker has shown no sign of life for two heartbeats",
                at: place,
                remedy: "look at the broker and the network between"
            )
        default:
            let text = amqp_error_string2(status).map { String(cString: $0) } ?? "error \(status)"
            return AMQPError(
                .lost,
                "the connection was lost: \(text)",
                at: place,
                remedy: "look at the broker and the network between"
            )
        }
    }
}

extension amqp_status_enum {
    init(_ status: Int32) { self.init(rawValue: status) }
}
