"""Prints what a pattern gets from an exchange of RabbitMQ, as a client that knows nothing of Martlet.

    consume.py URL EXCHANGE PATTERN

Says "ready" when the queue is bound, then prints each message as a line of JSON, until it is ended.
"""
import json
import sys

import pika


def main():
    url, exchange, pattern = sys.argv[1:4]
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, exchange, pattern)
    print("ready", flush=True)
    for method, properties, body in channel.consume(queue, auto_ack=True):
        message = {
            "key": method.routing_key,
            "body": body.decode(),
            "content_type": properties.content_type,
            "delivery_mode": properties.delivery_mode,
            "headers": properties.headers or {},
        }
        print(json.dumps(message), flush=True)


main()
