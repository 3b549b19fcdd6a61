#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

// Functions with variable arguments, which Swift cannot call.

/// Logs in with a user's name and password.
static inline amqp_rpc_reply_t crabbitmq_login_plain(amqp_connection_state_t connection, const char *virtualHost,
                                                     int frameMaximum, int heartbeat, const amqp_table_t *properties,
                                                     const char *user, const char *password) {
    return amqp_login_with_properties(connection, virtualHost, AMQP_DEFAULT_MAX_CHANNELS, frameMaximum, heartbeat,
                                      properties, AMQP_SASL_METHOD_PLAIN, user, password);
}

/// Logs in as whom the connection's certificate names.
static inline amqp_rpc_reply_t crabbitmq_login_external(amqp_connection_state_t connection, const char *virtualHost,
                                                        int frameMaximum, int heartbeat,
                                                        const amqp_table_t *properties, const char *identity) {
    return amqp_login_with_properties(connection, virtualHost, AMQP_DEFAULT_MAX_CHANNELS, frameMaximum, heartbeat,
                                      properties, AMQP_SASL_METHOD_EXTERNAL, identity);
}
