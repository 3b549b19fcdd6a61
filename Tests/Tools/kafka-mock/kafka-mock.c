/*
 * A Kafka cluster to test with: librdkafka's mock in a process of its own.
 *
 *     kafka-mock [BROKERS [TOPIC:PARTITIONS ...]]
 *
 * Prints the bootstrap servers as one line, then obeys one command a line on standard input, answers each with one line, "ok" or
 * "error" and the reason, and ends at the end of the input. Nothing is kept on disk; a partition keeps 5 MiB, older messages go.
 *
 *     topic NAME PARTITIONS            makes a topic, replicated to up to three brokers
 *     topic-error NAME CODE            what metadata says of a topic from now on; 0 for nothing
 *     leader TOPIC PARTITION BROKER    moves a partition's leader; -1 leaves it without one
 *     down BROKER, up BROKER           cuts a broker off, and takes that back; -1 for all
 *     error API CODE COUNT             fails the next requests of a kind; -195 cuts the connection
 *     clear API                        takes that back
 *     rtt BROKER MILLISECONDS          delays every answer; -1 for all brokers
 *     coordinator GROUP BROKER         moves a group's coordinator
 *     version API MINIMUM MAXIMUM      what versions of a request are understood; -1 -1 for none
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rd_kafka_mock_cluster_t *cluster;
static int broker_count;

static rd_kafka_resp_err_t make_topic(const char *name, int partitions) {
    return rd_kafka_mock_topic_create(cluster, name, partitions, broker_count < 3 ? broker_count : 3);
}

static void push_errors(int api, int code, int count) {
    rd_kafka_resp_err_t errors[256];
    while (count > 0) {
        int portion = count < 256 ? count : 256;
        for (int i = 0; i < portion; i++) errors[i] = (rd_kafka_resp_err_t)code;
        rd_kafka_mock_push_request_errors_array(cluster, (int16_t)api, (size_t)portion, errors);
        count -= portion;
    }
}

/* Obeys one line; -1 where it is no command. */
static int obey(const char *line) {
    char name[256];
    int a, b, c;
    if (sscanf(line, "topic %255s %d", name, &a) == 2) return make_topic(name, a);
    if (sscanf(line, "topic-error %255s %d", name, &a) == 2) {
        rd_kafka_mock_topic_set_error(cluster, name, (rd_kafka_resp_err_t)a);
        return 0;
    }
    if (sscanf(line, "leader %255s %d %d", name, &a, &b) == 3)
        return rd_kafka_mock_partition_set_leader(cluster, name, a, b);
    if (sscanf(line, "down %d", &a) == 1) return rd_kafka_mock_broker_set_down(cluster, a);
    if (sscanf(line, "up %d", &a) == 1) return rd_kafka_mock_broker_set_up(cluster, a);
    if (sscanf(line, "error %d %d %d", &a, &b, &c) == 3) {
        push_errors(a, b, c);
        return 0;
    }
    if (sscanf(line, "clear %d", &a) == 1) {
        rd_kafka_mock_clear_request_errors(cluster, (int16_t)a);
        return 0;
    }
    if (sscanf(line, "rtt %d %d", &a, &b) == 2) return rd_kafka_mock_broker_set_rtt(cluster, a, b);
    if (sscanf(line, "coordinator %255s %d", name, &a) == 2)
        return rd_kafka_mock_coordinator_set(cluster, "group", name, a);
    if (sscanf(line, "version %d %d %d", &a, &b, &c) == 3)
        return rd_kafka_mock_set_apiversion(cluster, (int16_t)a, (int16_t)b, (int16_t)c);
    return -1;
}

int main(int argc, char **argv) {
    char reason[512];
    broker_count = argc > 1 ? atoi(argv[1]) : 1;
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    /* What the brokers say of themselves goes nowhere: standard error is the tests' own. */
    rd_kafka_conf_set_log_cb(configuration, NULL);
    rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof(reason));
    if (!handle) {
        fprintf(stderr, "kafka-mock: %s\n", reason);
        return 1;
    }
    cluster = broker_count > 0 ? rd_kafka_mock_cluster_new(handle, broker_count) : NULL;
    if (!cluster) {
        fprintf(stderr, "kafka-mock: no cluster of %d brokers could be made\n", broker_count);
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        char *colon = strrchr(argv[i], ':');
        int partitions = colon ? atoi(colon + 1) : 1;
        if (colon) *colon = 0;
        if (make_topic(argv[i], partitions)) {
            fprintf(stderr, "kafka-mock: the topic %s could not be made\n", argv[i]);
            return 1;
        }
    }
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);

    char line[1024];
    while (fgets(line, sizeof(line), stdin)) {
        int code = obey(line);
        if (code == 0) {
            puts("ok");
        } else {
            printf("error %s\n", code == -1 ? "no such command" : rd_kafka_err2name((rd_kafka_resp_err_t)code));
        }
        fflush(stdout);
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(handle);
    return 0;
}
