"""Prints what comes into a topic of Kafka from its beginning on, as a client that knows nothing of Martlet.

    consume.py SERVERS TOPIC

Prints each record as a line of JSON, until it is ended.
"""
import json
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition


def main():
    servers, topic = sys.argv[1:3]
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "unused", "enable.auto.commit": False})
    partitions = consumer.list_topics(topic, 60).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    print("ready", flush=True)
    while True:
        record = consumer.poll(1)
        if record is None or record.error():
            continue
        line = {
            "partition": record.partition(),
            "offset": record.offset(),
            "key": record.key().decode() if record.key() is not None else None,
            "value": record.value().decode() if record.value() is not None else None,
            "headers": {name: value.decode() for name, value in record.headers() or []},
        }
        print(json.dumps(line), flush=True)


main()
