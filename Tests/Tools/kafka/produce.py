"""Produces to Kafka with acknowledgements, as a client that knows nothing of Martlet.

    produce.py SERVERS TOPIC < lines

Each line is {"key": …, "value": …} with, where wanted, "headers" and "partition".
"""
import json
import sys

from confluent_kafka import Producer


def main():
    servers, topic = sys.argv[1:3]
    failures = []
    producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "message.timeout.ms": 60_000})

    def report(error, _message):
        if error is not None:
            failures.append(str(error))

    for line in sys.stdin:
        record = json.loads(line)
        value = record.get("value")
        key = record.get("key")
        producer.produce(
            topic,
            value=None if value is None else value.encode(),
            key=None if key is None else key.encode(),
            headers=list((record.get("headers") or {}).items()),
            partition=record.get("partition", -1),
            on_delivery=report,
        )
        producer.poll(0)
    left = producer.flush(90)
    if failures or left:
        sys.exit(f"{left} not produced, {failures[:3]}")


main()
