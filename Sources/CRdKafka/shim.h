#pragma once
#include <librdkafka/rdkafka.h>

/* What Swift cannot call: functions with any number of arguments, or with the name of a type. */

/* Produces a message; the partition -1 is the partitioner's to choose. Headers belong to librdkafka once it has taken the
   message. */
static inline rd_kafka_resp_err_t crdkafka_produce(rd_kafka_t *client, const char *topic, int32_t partition, int flags,
                                                   const void *key, size_t key_size, const void *value, size_t value_size,
                                                   rd_kafka_headers_t *headers, void *opaque) {
    void *no_const_key = (void *)key, *no_const_value = (void *)value;
    if (headers)
        return rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                                 RD_KAFKA_V_MSGFLAGS(flags), RD_KAFKA_V_KEY(no_const_key, key_size),
                                 RD_KAFKA_V_VALUE(no_const_value, value_size), RD_KAFKA_V_HEADERS(headers),
                                 RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
    return rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                             RD_KAFKA_V_MSGFLAGS(flags), RD_KAFKA_V_KEY(no_const_key, key_size),
                             RD_KAFKA_V_VALUE(no_const_value, value_size), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

/* What the brokers say of themselves and of every topic. */
static inline rd_kafka_resp_err_t crdkafka_metadata(rd_kafka_t *client, const rd_kafka_metadata_t **metadata,
                                                    int timeout_milliseconds) {
    return rd_kafka_metadata(client, 1, NULL, metadata, timeout_milliseconds);
}
