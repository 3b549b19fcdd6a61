#pragma once

#include <stddef.h>
#include <stdint.h>

/// A message to be published.
typedef struct {
    char *key;
    char *body;
    size_t keyLength;
    size_t bodyLength;
} BareMessage;

typedef struct {
    BareMessage *items;
    size_t count;
} BareMessages;

/// What a run took.
typedef struct {
    double start;
    double end;
} BareStopwatch;

/// Says what went wrong, and ends the process.
_Noreturn void bareFail(const char *what, const char *why);

/// Reads a file of lines: a key, a tab, a body.
BareMessages bareRead(const char *file);

/// Seconds on a clock that only rises.
double bareNow(void);

void bareRabbitMQPublish(const char *url, const char *exchange, BareMessages messages, uint64_t count,
                         BareStopwatch *stopwatch);
void bareRabbitMQDrain(const char *url, const char *queue, uint64_t count, BareStopwatch *stopwatch);
void bareRabbitMQRelay(const char *url, const char *queue, const char *exchange, uint64_t count,
                       BareStopwatch *stopwatch);

void bareKafkaPublish(const char *bootstrap, const char *topic, BareMessages messages, uint64_t count,
                      BareStopwatch *stopwatch);
void bareKafkaDrain(const char *bootstrap, const char *topic, uint64_t count, BareStopwatch *stopwatch);
void bareKafkaRelay(const char *bootstrap, const char *topic, const char *target, uint64_t count,
                    BareStopwatch *stopwatch);
