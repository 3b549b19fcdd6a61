#include "Bare.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

enum { batchSize = 1000, patienceInMilliseconds = 60000 };

static void set(rd_kafka_conf_t *configuration, const char *name, const char *value) {
    char reason[256];
    if (rd_kafka_conf_set(configuration, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK)
        bareFail(name, reason);
}

static rd_kafka_t *make(rd_kafka_type_t type, rd_kafka_conf_t *configuration, const char *bootstrap) {
    char reason[256];
    set(configuration, "bootstrap.servers", bootstrap);
    rd_kafka_t *client = rd_kafka_new(type, configuration, reason, sizeof reason);
    if (!client) bareFail("librdkafka", reason);
    return client;
}

/// Reads all partitions of a topic from their beginnings.
static rd_kafka_t *consumer(const char *bootstrap, const char *topic) {
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    set(configuration, "group.id", "bare");
    set(configuration, "enable.auto.commit", "false");
    set(configuration, "auto.offset.reset", "earliest");
    rd_kafka_t *client = make(RD_KAFKA_CONSUMER, configuration, bootstrap);
    rd_kafka_poll_set_consumer(client);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic, NULL);
    const rd_kafka_metadata_t *metadata;
    rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, handle, &metadata, patienceInMilliseconds);
    if (error) bareFail(topic, rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    for (int index = 0; index < metadata->topics[0].partition_cnt; index++)
        rd_kafka_topic_partition_list_add(partitions, topic, metadata->topics[0].partitions[index].id)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    error = rd_kafka_assign(client, partitions);
    if (error) bareFail(topic, rd_kafka_err2str(error));
    rd_kafka_topic_partition_list_destroy(partitions);
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return client;
}

static void closeConsumer(rd_kafka_t *client) {
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
}

static void countDelivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *delivered) {
    (void)client;
    if (message->err) bareFail("producing", rd_kafka_err2str(message->err));
    ++*(uint64_t *)delivered;
}

static rd_kafka_t *producer(const char *bootstrap, uint64_t *delivered) {
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    set(configuration, "enable.idempotence", "true");
    set(configuration, "acks", "all");
    rd_kafka_conf_set_dr_msg_cb(configuration, countDelivery);
    rd_kafka_conf_set_opaque(configuration, delivered);
    return make(RD_KAFKA_PRODUCER, configuration, bootstrap);
}

static void produce(rd_kafka_t *client, const char *topic, void *key, size_t keyLength, void *body, size_t bodyLength) {
    rd_kafka_resp_err_t error;
    while ((error = rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, keyLength),
                                      RD_KAFKA_V_VALUE(body, bodyLength),
                                      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END))) {
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) bareFail("producing", rd_kafka_err2str(error));
        rd_kafka_poll(client, 100);
    }
}

static void awaitDelivery(rd_kafka_t *client, const uint64_t *delivered, uint64_t count) {
    double deadline = bareNow() + patienceInMilliseconds / 1e3;
    while (*delivered < count) {
        if (bareNow() > deadline) bareFail("producing", "what was produced was not confirmed within a minute");
        rd_kafka_poll(client, 100);
    }
}

void bareKafkaPublish(const char *bootstrap, const char *topic, BareMessages messages, uint64_t count,
                      BareStopwatch *stopwatch) {
    uint64_t delivered = 0;
    rd_kafka_t *client = producer(bootstrap, &delivered);
    stopwatch->start = bareNow();
    for (uint64_t index = 0; index < count; index++) {
        BareMessage *message = &messages.items[index % messages.count];
        produce(client, topic, message->key, message->keyLength, message->body, message->bodyLength);
        rd_kafka_poll(client, 0);
    }
    awaitDelivery(client, &delivered, count);
    stopwatch->end = bareNow();
    rd_kafka_destroy(client);
}

/// Consumes so many messages and produces them to a topic, where there is a producer.
static void consume(rd_kafka_t *source, rd_kafka_t *target, const char *topic, uint64_t count,
                    BareStopwatch *stopwatch) {
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(source);
    rd_kafka_message_t *batch[batchSize];
    for (uint64_t received = 0; received < count;) {
        ssize_t taken = rd_kafka_consume_batch_queue(queue, patienceInMilliseconds, batch, batchSize);
        if (taken <= 0) {
            char reason[64];
            snprintf(reason, sizeof reason, "only %llu messages came", (unsigned long long)received);
            bareFail("consuming", reason);
        }
        if (received == 0) stopwatch->start = bareNow();
        for (ssize_t index = 0; index < taken; index++) {
            rd_kafka_message_t *message = batch[index];
            if (message->err) bareFail("consuming", rd_kafka_message_errstr(message));
            if (target) produce(target, topic, message->key, message->key_len, message->payload, message->len);
            rd_kafka_message_destroy(message);
        }
        if (target) rd_kafka_poll(target, 0);
        received += (uint64_t)taken;
    }
    rd_kafka_queue_destroy(queue);
}

void bareKafkaDrain(const char *bootstrap, const char *topic, uint64_t count, BareStopwatch *stopwatch) {
    rd_kafka_t *source = consumer(bootstrap, topic);
    consume(source, NULL, NULL, count, stopwatch);
    stopwatch->end = bareNow();
    closeConsumer(source);
}

void bareKafkaRelay(const char *bootstrap, const char *topic, const char *target, uint64_t count,
                    BareStopwatch *stopwatch) {
    uint64_t delivered = 0;
    rd_kafka_t *sink = producer(bootstrap, &delivered);
    rd_kafka_t *source = consumer(bootstrap, topic);
    consume(source, sink, target, count, stopwatch);
    awaitDelivery(sink, &delivered, count);
    stopwatch->end = bareNow();
    closeConsumer(source);
    rd_kafka_destroy(sink);
}
