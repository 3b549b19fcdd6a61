#define _GNU_SOURCE
#include "Bare.h"

#include "CBareClients.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// One thread and poll(): it reads a request whole, counts in it, and answers. Whatever is sent here is trusted.

enum { maximumConnections = 256, roomAtOnce = 1 << 16 };

typedef struct {
    int socket;
    char *bytes;
    size_t count;
    size_t room;
    /// Of the request at the beginning, head and body; 0 until the head is there.
    size_t wanted;
    size_t headLength;
} Connection;

static uint64_t requests, marks;

static int listenOnAnyPort(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof place;
    if (listener < 0 || bind(listener, (struct sockaddr *)&place, length) < 0 || listen(listener, 128) < 0 ||
        getsockname(listener, (struct sockaddr *)&place, &length) < 0)
        bareFail("listening", strerror(errno));
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    return listener;
}

static void answer(const Connection *connection, const char *text) {
    size_t length = strlen(text), sent = 0;
    while (sent < length) {
        ssize_t count = send(connection->socket, text + sent, length - sent, MSG_NOSIGNAL);
        if (count < 0) return;
        sent += (size_t)count;
    }
}

/// Finds out how long the request at the beginning is, where its head is there.
static void measure(Connection *connection) {
    char *end = memmem(connection->bytes, connection->count, "\r\n\r\n", 4);
    if (!end) return;
    *end = 0;
    const char *length = strcasestr(connection->bytes, "\ncontent-length:");
    connection->headLength = (size_t)(end - connection->bytes) + 4;
    connection->wanted = connection->headLength + (length ? strtoull(length + 16, NULL, 10) : 0);
    if (strcasestr(connection->bytes, "100-continue") && connection->count < connection->wanted)
        answer(connection, "HTTP/1.1 100 Continue\r\n\r\n");
}

/// Counts what the request at the beginning holds, answers it and passes it over.
static void take(Connection *connection, const char *mark, size_t markLength) {
    const char *next = connection->bytes + connection->headLength, *end = connection->bytes + connection->wanted;
    if (strncmp(connection->bytes, "GET ", 4) == 0) {
        char body[64], text[160];
        snprintf(body, sizeof body, "%llu %llu", (unsigned long long)marks, (unsigned long long)requests);
        snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
        answer(connection, text);
    } else {
        requests++;
        while ((next = memmem(next, (size_t)(end - next), mark, markLength))) {
            marks++;
            next += markLength;
        }
        answer(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    connection->count -= connection->wanted;
    memmove(connection->bytes, connection->bytes + connection->wanted, connection->count);
    connection->wanted = 0;
}

/// Reads what has come; false at the end.
static bool serve(Connection *connection, const char *mark, size_t markLength) {
    if (connection->room - connection->count < roomAtOnce) {
        connection->room = connection->room * 2 + roomAtOnce;
        connection->bytes = realloc(connection->bytes, connection->room);
        if (!connection->bytes) bareFail("receiving", "out of memory");
    }
    ssize_t count = recv(connection->socket, connection->bytes + connection->count,
                         connection->room - connection->count, 0);
    if (count <= 0) return false;
    connection->count += (size_t)count;
    while (connection->count > 0) {
        if (connection->wanted == 0) measure(connection);
        if (connection->wanted == 0 || connection->count < connection->wanted) return true;
        take(connection, mark, markLength);
    }
    return true;
}

static void acceptOne(int listener, Connection *connections, size_t *count) {
    int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC), yes = 1;
    if (socket < 0) return;
    if (*count == maximumConnections) bareFail("receiving", "there are too many connections");
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connections[(*count)++] = (Connection){.socket = socket};
}

int bareReceiver(const char *mark) {
    int listener = listenOnAnyPort();
    Connection connections[maximumConnections];
    size_t count = 0;
    while (true) {
        struct pollfd polled[maximumConnections + 2] = {{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}};
        size_t known = count;
        for (size_t index = 0; index < known; index++)
            polled[index + 2] = (struct pollfd){connections[index].socket, POLLIN, 0};
        if (poll(polled, known + 2, -1) < 0) bareFail("receiving", strerror(errno));
        if (polled[0].revents) return 0;
        if (polled[1].revents) acceptOne(listener, connections, &count);
        // From the last one on, so that closing one moves none that is still to be looked at.
        for (size_t index = known; index-- > 0;) {
            if (!polled[index + 2].revents || serve(&connections[index], mark, strlen(mark))) continue;
            close(connections[index].socket);
            free(connections[index].bytes);
            connections[index] = connections[--count];
        }
    }
}
