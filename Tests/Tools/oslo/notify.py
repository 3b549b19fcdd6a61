"""Publishes notifications as OpenStack's services do, with oslo.messaging, until its input ends.

Each line in is a batch: {"url": …, "options": {…}, "notifications": [{"exchange": …, "event_type": …}, …]}. The options are those
of [oslo_messaging_rabbit]; a notification may have "driver", "topics", "priority", "publisher_id", "context" and "payload".
The context is what oslo.context's RequestContext is made with; with "redacts": false it goes out with its token, as it did before
oslo.messaging 14.7.0. A connection stays for the next batch with the same address and options, as a service's does. Each line out says how many were
sent and how many were not: oslo.messaging itself writes such a failure to the log, and the service goes on.
"""
import json
import logging
import sys

import oslo_messaging
from oslo_config import cfg
from oslo_context.context import RequestContext


class Failures(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record):
        if "Could not send notification" in record.getMessage():
            self.count += 1


class TalkativeContext(RequestContext):
    def redacted_copy(self, **kwargs):
        return self


class ContextSerializer(oslo_messaging.NoOpSerializer):
    """What each service has of its own."""

    def serialize_context(self, context):
        return context.to_dict() if context else {}


def make_context(message):
    if not message.get("context"):
        return {}
    kind = RequestContext if message.get("redacts", True) else TalkativeContext
    return kind(overwrite=False, **message["context"])


def make_transport(url, exchange, options):
    conf = cfg.ConfigOpts()
    conf([])
    # Getting a transport registers the options.
    oslo_messaging.get_notification_transport(conf, url=url)
    for name, value in options.items():
        conf.set_override(name, value, group="oslo_messaging_rabbit")
    conf.set_override("control_exchange", exchange)
    return oslo_messaging.get_notification_transport(conf, url=url)


def main():
    failures = Failures()
    logging.getLogger("oslo_messaging.notify.messaging").addHandler(failures)
    transports, notifiers = {}, {}
    for line in sys.stdin:
        batch = json.loads(line)
        failures.count = 0
        url, options = batch["url"], batch.get("options", {})
        for message in batch["notifications"]:
            key = (url, message["exchange"], json.dumps(options, sort_keys=True))
            if key not in transports:
                transports[key] = make_transport(url, message["exchange"], options)
            driver = message.get("driver", "messagingv2")
            publisher = message.get("publisher_id", "compute.host1")
            topics = message.get("topics", ["notifications"])
            # A service makes its notifier once, too.
            notifier_key = (key, driver, publisher, tuple(topics))
            if notifier_key not in notifiers:
                notifiers[notifier_key] = oslo_messaging.Notifier(
                    transports[key],
                    driver=driver,
                    publisher_id=publisher,
                    topics=topics,
                    retry=3,
                    serializer=ContextSerializer(),
                )
            send = getattr(notifiers[notifier_key], message.get("priority", "info"))
            send(make_context(message), message["event_type"], message.get("payload", {}))
        print(f"{len(batch['notifications']) - failures.count} {failures.count}", flush=True)


main()
