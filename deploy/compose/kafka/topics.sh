#!/bin/sh
# Makes the topics that CloudStack writes to and Martlet reads and writes. Run by the service `topics`.
set -eu

topic() {
    /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$BOOTSTRAP_SERVERS" --create --if-not-exists \
        --topic "$1" --partitions "$2" --replication-factor 1 --config "retention.ms=$3" --config cleanup.policy=delete
}

# What CloudStack publishes. Seven days: how long Martlet may be away before events are lost.
topic cs 6 604800000
# What Martlet forwards.
topic martlet-usage 3 2592000000
