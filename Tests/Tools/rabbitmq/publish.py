"""Publishes to RabbitMQ with confirms, as a client that knows nothing of Martlet.

    publish.py URL EXCHANGE < lines

Each line is {"key": …, "body": …} with, where wanted, "headers", "content_type" and "message_id". What the broker has not
confirmed is published again after a new connection: the number of such repetitions is told at the end.
"""
import json
import sys
import time

import pika


def connect(url):
    deadline = time.monotonic() + 120
    while True:
        try:
            connection = pika.BlockingConnection(pika.URLParameters(url))
            channel = connection.channel()
            channel.confirm_delivery()
            return connection, channel
        except pika.exceptions.AMQPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main():
    url, exchange = sys.argv[1:3]
    connection, channel = connect(url)
    confirmed = 0
    repeated = 0
    for line in sys.stdin:
        message = json.loads(line)
        properties = pika.BasicProperties(
            delivery_mode=2,
            content_type=message.get("content_type", "text/plain"),
            message_id=message.get("message_id"),
            headers=message.get("headers"),
        )
        while True:
            try:
                channel.basic_publish(exchange, message["key"], message["body"].encode(), properties)
                break
            except pika.exceptions.AMQPError:
                repeated += 1
                connection, channel = connect(url)
        confirmed += 1
        print("confirmed", confirmed, flush=True)
    print("repeated", repeated, flush=True)
    connection.close()


main()
