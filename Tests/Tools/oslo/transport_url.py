"""Tells how oslo.messaging reads transport URLs: one on each line in, JSON on each line out.

The same two steps that its RabbitMQ driver takes before it connects: oslo.messaging's own parser, and kombu's after it.
"""
import json
import logging
import sys

import oslo_messaging
from kombu.utils.url import parse_url
from oslo_config import cfg
from oslo_messaging._drivers import impl_rabbit

logging.disable(logging.CRITICAL)


def read(url):
    conf = cfg.ConfigOpts()
    conf([])
    driver = oslo_messaging.get_notification_transport(conf, url=url)._driver
    address, options = driver._url, driver.conf.oslo_messaging_rabbit
    transform = impl_rabbit.Connection._transform_transport_url
    hosts = [parse_url(transform(None, address, host)) for host in address.hosts]
    return {
        # What is left out is what py-amqp takes then.
        "hosts": [[host["hostname"], host["port"], host["userid"] or "guest", host["password"] or "guest"] for host in hosts],
        "vhost": hosts[0]["virtual_host"] or "/",
        "ssl": options.ssl,
        "durable": options.amqp_durable_queues or options.rabbit_quorum_queue,
        "auto_delete": options.amqp_auto_delete,
    }


for line in sys.stdin:
    try:
        print(json.dumps(read(line.rstrip("\n"))))
    except Exception as error:
        print(json.dumps({"error": type(error).__name__}))
