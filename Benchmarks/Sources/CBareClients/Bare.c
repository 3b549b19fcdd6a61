#include "Bare.h"

#include "CBareClients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double bareNow(void) { return seconds(CLOCK_MONOTONIC); }

void bareFail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/// The whole file, ended by a zero.
static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) bareFail(path, "cannot be read");
    long size = ftell(file);
    rewind(file);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) bareFail(path, "cannot be read");
    fclose(file);
    text[size] = 0;
    return text;
}

BareMessages bareRead(const char *path) {
    char *text = contents(path);
    BareMessages messages = {NULL, 0};
    for (char *next = text; *next; next++) messages.count += *next == '\n';
    messages.items = calloc(messages.count + 1, sizeof *messages.items);
    if (!messages.items || messages.count == 0) bareFail(path, "holds no messages");
    char *line = text;
    for (size_t index = 0; index < messages.count; index++) {
        char *end = strchr(line, '\n');
        char *tab = memchr(line, '\t', (size_t)(end - line));
        if (!tab) bareFail(path, "a line has no tab");
        *tab = 0;
        messages.items[index] = (BareMessage){line, tab + 1, (size_t)(tab - line), (size_t)(end - tab - 1)};
        line = end + 1;
    }
    return messages;
}

int bareClient(int count, char **arguments) {
    if (count != 5 && count != 6) bareFail("bare", "takes a broker, an action and what it needs");
    const char *broker = arguments[0], *action = arguments[1], *place = arguments[2], *name = arguments[3];
    const char *second = arguments[4];
    uint64_t total = strtoull(arguments[count - 1], NULL, 10);
    int publishes = !strcmp(action, "publish"), relays = !strcmp(action, "relay"), drains = !strcmp(action, "drain");
    if (total == 0 || publishes + relays + drains != 1 || count != (drains ? 5 : 6))
        bareFail(action, "is not understood");
    BareMessages messages = publishes ? bareRead(second) : (BareMessages){NULL, 0};
    BareStopwatch stopwatch = {0, 0};
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (!strcmp(broker, "rabbitmq")) {
        if (publishes) bareRabbitMQPublish(place, name, messages, total, &stopwatch);
        if (drains) bareRabbitMQDrain(place, name, total, &stopwatch);
        if (relays) bareRabbitMQRelay(place, name, second, total, &stopwatch);
    } else if (!strcmp(broker, "kafka")) {
        if (publishes) bareKafkaPublish(place, name, messages, total, &stopwatch);
        if (drains) bareKafkaDrain(place, name, total, &stopwatch);
        if (relays) bareKafkaRelay(place, name, second, total, &stopwatch);
    } else {
        bareFail(broker, "is no broker that is known here");
    }
    printf("%.6f %.6f\n", stopwatch.end - stopwatch.start, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    return 0;
}
