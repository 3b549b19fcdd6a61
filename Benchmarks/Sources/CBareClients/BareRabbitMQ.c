#include "Bare.h"

#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Everything goes through channel 1: a connection for what comes in, another for what goes out, as Martlet has them.

enum { channel = 1, prefetch = 2000, window = 2000, messagesAnAcknowledgement = 100, patienceInSeconds = 60 };

static void check(int status, const char *what) {
    if (status != AMQP_STATUS_OK) bareFail(what, amqp_error_string2(status));
}

static void checkReply(amqp_rpc_reply_t reply, const char *what) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) bareFail(what, amqp_error_string2(reply.library_error));
    bool isChannel = reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD;
    bareFail(what, isChannel ? "the broker closed the channel" : "the broker closed the connection");
}

static amqp_connection_state_t connectTo(const char *url) {
    char *copy = strdup(url);
    struct amqp_connection_info place;
    amqp_default_connection_info(&place);
    check(amqp_parse_url(copy, &place), "the URL");
    amqp_connection_state_t connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    check(amqp_socket_open(socket, place.host, place.port), "connecting");
    checkReply(amqp_login(connection, place.vhost, 0, AMQP_DEFAULT_FRAME_SIZE, 0, AMQP_SASL_METHOD_PLAIN, place.user,
                          place.password),
               "the login");
    amqp_channel_open(connection, channel);
    checkReply(amqp_get_rpc_reply(connection), "opening a channel");
    free(copy);
    return connection;
}

static void closeConnection(amqp_connection_state_t connection) {
    checkReply(amqp_connection_close(connection, AMQP_REPLY_SUCCESS), "closing");
    amqp_destroy_connection(connection);
}

static amqp_connection_state_t consumer(const char *url, const char *queue) {
    amqp_connection_state_t connection = connectTo(url);
    amqp_basic_qos(connection, channel, 0, prefetch, false);
    checkReply(amqp_get_rpc_reply(connection), "the prefetch");
    amqp_basic_consume(connection, channel, amqp_cstring_bytes(queue), amqp_empty_bytes, false, false, false,
                       amqp_empty_table);
    checkReply(amqp_get_rpc_reply(connection), "consuming");
    return connection;
}

/// Takes a message; with no patience, only one that has come already.
static bool receive(amqp_connection_state_t connection, amqp_envelope_t *message, int seconds) {
    struct timeval patience = {seconds, 0};
    amqp_maybe_release_buffers(connection);
    amqp_rpc_reply_t reply = amqp_consume_message(connection, message, &patience, 0);
    if (seconds == 0 && reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
        reply.library_error == AMQP_STATUS_TIMEOUT)
        return false;
    checkReply(reply, "receiving");
    return true;
}

/// A connection that publishes, and what has become of its messages: tags count from 1.
typedef struct {
    amqp_connection_state_t connection;
    const char *exchange;
    bool *confirmed;
    uint64_t published;
    /// All up to this one are confirmed.
    uint64_t settled;
} Publisher;

static Publisher makePublisher(const char *url, const char *exchange, uint64_t count) {
    Publisher publisher = {connectTo(url), exchange, calloc(count + 2, sizeof(bool)), 0, 0};
    if (!publisher.confirmed) bareFail("publishing", "out of memory");
    amqp_confirm_select(publisher.connection, channel);
    checkReply(amqp_get_rpc_reply(publisher.connection), "asking for confirms");
    return publisher;
}

static void publish(Publisher *publisher, amqp_bytes_t key, amqp_bytes_t body) {
    amqp_basic_properties_t properties = {0};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
    check(amqp_basic_publish(publisher->connection, channel, amqp_cstring_bytes(publisher->exchange), key, false, false,
                             &properties, body),
          "publishing");
    publisher->published++;
}

/// Takes a confirm; with no patience, only one that has come already.
static bool takeConfirm(Publisher *publisher, int seconds) {
    struct timeval patience = {seconds, 0};
    amqp_frame_t frame;
    amqp_maybe_release_buffers(publisher->connection);
    int status = amqp_simple_wait_frame_noblock(publisher->connection, &frame, &patience);
    if (status == AMQP_STATUS_TIMEOUT && seconds == 0) return false;
    check(status, "waiting for a confirm");
    if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
        bareFail("publishing", "the broker did not confirm a message");
    amqp_basic_ack_t *confirm = frame.payload.method.decoded;
    uint64_t first = confirm->multiple ? publisher->settled + 1 : confirm->delivery_tag;
    for (uint64_t tag = first; tag <= confirm->delivery_tag; tag++) publisher->confirmed[tag] = true;
    while (publisher->confirmed[publisher->settled + 1]) publisher->settled++;
    return true;
}

void bareRabbitMQPublish(const char *url, const char *exchange, BareMessages messages, uint64_t count,
                         BareStopwatch *stopwatch) {
    Publisher publisher = makePublisher(url, exchange, count);
    stopwatch->start = bareNow();
    while (publisher.published < count) {
        BareMessage *message = &messages.items[publisher.published % messages.count];
        publish(&publisher, (amqp_bytes_t){message->keyLength, message->key},
                (amqp_bytes_t){message->bodyLength, message->body});
        while (publisher.published - publisher.settled >= window) takeConfirm(&publisher, patienceInSeconds);
    }
    while (publisher.settled < count) takeConfirm(&publisher, patienceInSeconds);
    stopwatch->end = bareNow();
    closeConnection(publisher.connection);
}

static void acknowledge(amqp_connection_state_t connection, uint64_t tag) {
    check(amqp_basic_ack(connection, channel, tag, true), "acknowledging");
}

void bareRabbitMQDrain(const char *url, const char *queue, uint64_t count, BareStopwatch *stopwatch) {
    amqp_connection_state_t connection = consumer(url, queue);
    for (uint64_t received = 1; received <= count; received++) {
        amqp_envelope_t message;
        receive(connection, &message, patienceInSeconds);
        if (received == 1) stopwatch->start = bareNow();
        amqp_destroy_envelope(&message);
        if (received % messagesAnAcknowledgement == 0 || received == count) acknowledge(connection, received);
    }
    stopwatch->end = bareNow();
    closeConnection(connection);
}

void bareRabbitMQRelay(const char *url, const char *queue, const char *exchange, uint64_t count,
                       BareStopwatch *stopwatch) {
    Publisher publisher = makePublisher(url, exchange, count);
    amqp_connection_state_t source = consumer(url, queue);
    uint64_t acknowledged = 0;
    while (acknowledged < count) {
        bool hasMoved = false;
        amqp_envelope_t message;
        while (publisher.published - publisher.settled < window && publisher.published < count &&
               receive(source, &message, 0)) {
            if (publisher.published == 0) stopwatch->start = bareNow();
            publish(&publisher, message.routing_key, message.message.body);
            amqp_destroy_envelope(&message);
            hasMoved = true;
        }
        while (takeConfirm(&publisher, 0)) hasMoved = true;
        // The first message to arrive is the first to be published: their tags are the same.
        if (publisher.settled - acknowledged >= messagesAnAcknowledgement || publisher.settled == count) {
            acknowledge(source, publisher.settled);
            acknowledged = publisher.settled;
        }
        if (hasMoved) continue;
        struct pollfd sockets[] = {{amqp_get_sockfd(source), POLLIN, 0},
                                   {amqp_get_sockfd(publisher.connection), POLLIN, 0}};
        // A full window takes nothing more in: the confirms alone are worth waking for.
        bool isFull = publisher.published - publisher.settled >= window;
        if (poll(isFull ? sockets + 1 : sockets, isFull ? 1 : 2, patienceInSeconds * 1000) <= 0)
            bareFail("relaying", "nothing came for a minute");
    }
    stopwatch->end = bareNow();
    closeConnection(source);
    closeConnection(publisher.connection);
}
