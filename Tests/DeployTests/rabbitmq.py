"""Starts Debian's RabbitMQ with deploy/compose/rabbitmq: each user can do what it needs, and nothing else.

    Scripts/check-deploy --rabbitmq

Needs rabbitmq-server and the module pika; says so and succeeds where one is missing.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "deploy/compose"
PROGRAMS = pathlib.Path("/usr/lib/rabbitmq/bin")
# Generous: the machine may be busy with everything else that is tested.
DEADLINE = 120


def main():
    try:
        import pika
    except ImportError:
        return skip("the Python module pika is not installed")
    if not (PROGRAMS / "rabbitmq-server").exists():
        return skip("rabbitmq-server is not installed")
    # So that the node ends with this program, however that is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="martlet-deploy-") as directory:
        broker = Broker(pathlib.Path(directory))
        try:
            broker.start()
            broker.make_users()
            # Again, as after `docker compose up` on a volume that has them.
            broker.make_users()
            check(broker, pika)
        except BaseException:
            print(broker.log(), file=sys.stderr)
            raise
        finally:
            broker.stop()
    print("check-deploy: definitions and permissions are as promised")


def skip(reason):
    print(f"check-deploy: skipped: {reason}")


class Broker:
    """A node of its own on free ports of the loopback, with everything in one directory."""

    def __init__(self, directory):
        self.directory = directory
        self.port, self.management, self.distribution, self.epmd = free_ports(4)
        name = f"martlet-deploy-{os.getpid()}@localhost"
        self.secrets = directory / "secrets"
        self.environment = {
            "PATH": f"{PROGRAMS}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(directory),
            "ERL_EPMD_PORT": str(self.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": name,
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(directory / "data"),
            "RABBITMQ_LOG_BASE": str(directory / "log"),
            "RABBITMQ_DIST_PORT": str(self.distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "SECRETS": str(self.secrets),
        }
        # The deployed file itself, with nothing changed but where things are.
        settings = (COMPOSE / "rabbitmq/rabbitmq.conf").read_text()
        definitions = "/etc/rabbitmq/definitions.json"
        assert definitions in settings, "rabbitmq.conf no longer loads the definitions"
        settings = settings.replace(definitions, str(COMPOSE / "rabbitmq/definitions.json")).replace("2GB", "50MB")
        settings += f"\nlisteners.tcp.1 = 127.0.0.1:{self.port}\n"
        settings += f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self.management}\n"
        (directory / "rabbitmq.conf").write_text(settings)
        (directory / "plugins").write_text("[rabbitmq_management].\n")
        # The passwords are those of make-secrets, made beside a copy of it.
        shutil.copy(COMPOSE / "make-secrets", directory)
        subprocess.run([directory / "make-secrets"], check=True, stdout=subprocess.DEVNULL)
        self.node = self.names = None

    def start(self):
        output = open(self.directory / "output", "wb")
        # An epmd of its own in the foreground: the node would leave one behind.
        epmd = shutil.which("epmd", path=self.environment["PATH"]) or "epmd"
        self.names = subprocess.Popen(
            [epmd, "-port", str(self.epmd)], env=self.environment, stdout=output, stderr=output
        )
        self.node = subprocess.Popen(
            [PROGRAMS / "rabbitmq-server"], env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        self.control("await_startup", "--timeout", str(DEADLINE), attempts=20)

    def stop(self):
        if self.node and self.node.poll() is None:
            self.control("stop", attempts=1, must=False)
            try:
                self.node.wait(30)
            except subprocess.TimeoutExpired:
                self.node.kill()
        if self.names:
            self.names.terminate()
            self.names.wait()

    def control(self, *words, attempts=1, must=True):
        end = time.monotonic() + DEADLINE
        while True:
            done = subprocess.run(
                [PROGRAMS / "rabbitmqctl", "--quiet", *words], env=self.environment, capture_output=True, text=True
            )
            attempts -= 1
            if done.returncode == 0 or not must:
                return done.stdout
            if attempts <= 0 or time.monotonic() > end or self.node.poll() is not None:
                raise SystemExit(f"rabbitmqctl {words[0]}: {done.stdout}{done.stderr}")
            time.sleep(0.5)

    def make_users(self):
        subprocess.run(["/bin/sh", COMPOSE / "rabbitmq/users.sh"], env=self.environment, check=True)

    def password(self, user):
        return (self.secrets / f"rabbitmq-{user}-password").read_text()

    def log(self):
        texts = [self.directory / "output", *(self.directory / "log").glob("*.log")]
        return "\n".join(path.read_text(errors="replace")[-4000:] for path in texts if path.exists())


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def check(broker, pika):
    users = {line.split("\t")[0] for line in broker.control("list_users", "--no-table-headers").splitlines()}
    assert users == {"admin", "cloudstack", "martlet"}, users

    def connect(user, password=None):
        credentials = pika.PlainCredentials(user, password or broker.password(user))
        return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", broker.port, "/", credentials))

    def refused(connection, code, what, attempt):
        channel = connection.channel()
        channel.confirm_delivery()
        try:
            attempt(channel)
        except pika.exceptions.ChannelClosedByBroker as closed:
            assert closed.reply_code == code, (what, closed.reply_code, closed.reply_text)
        else:
            raise AssertionError(f"not refused: {what}")

    try:
        connect("guest", "guest")
    except pika.exceptions.AMQPConnectionError:
        pass
    else:
        raise AssertionError("guest gets in")

    martlet, cloudstack = connect("martlet"), connect("cloudstack")

    # What Martlet does: look at the exchange, make and bind its queue, read it.
    channel = martlet.channel()
    channel.exchange_declare("cloudstack-events", passive=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-max-length-bytes": 2 << 30,
        "x-overflow": "drop-head",
    }
    channel.queue_declare("martlet-prod", durable=True, arguments=arguments)
    channel.queue_bind("martlet-prod", "cloudstack-events", "#")

    # What CloudStack does for each event: declare the exchange, publish to it.
    publisher = cloudstack.channel()
    publisher.confirm_delivery()
    publisher.exchange_declare("cloudstack-events", "topic", durable=True)
    key = "management-server.ActionEvent.VM-START.VirtualMachine.9c3d1e42-0000-4000-8000-000000000001"
    publisher.basic_publish("cloudstack-events", key, b'{"event":"VM.START"}', mandatory=True)

    method, _, body = next(channel.consume("martlet-prod", inactivity_timeout=DEADLINE))
    assert method is not None and body == b'{"event":"VM.START"}', (method, body)
    channel.basic_ack(method.delivery_tag)
    channel.cancel()

    # What Martlet does as a sink, and what takes its queue away again.
    channel.exchange_declare("martlet", "topic", passive=True)
    channel.confirm_delivery()
    channel.queue_declare("martlet-relay", durable=True)
    channel.queue_bind("martlet-relay", "martlet", "#")
    channel.basic_publish("martlet", key, b"{}", mandatory=True)
    for queue in ("martlet-prod", "martlet-relay"):
        channel.queue_delete(queue)

    denied = 403
    refused(
        martlet,
        denied,
        "martlet writes into CloudStack's exchange",
        lambda one: one.basic_publish("cloudstack-events", "a.b.c.d.e", b"forged"),
    )
    refused(
        martlet, denied, "martlet changes CloudStack's exchange", lambda one: one.exchange_delete("cloudstack-events")
    )
    refused(martlet, denied, "martlet makes a queue of another name", lambda one: one.queue_declare("billing"))
    refused(cloudstack, denied, "cloudstack makes a queue", lambda one: one.queue_declare("cloudstack-events-copy"))
    refused(
        cloudstack,
        denied,
        "cloudstack writes to Martlet's exchange",
        lambda one: one.basic_publish("martlet", "a.b.c.d.e", b"forged"),
    )
    for connection in (martlet, cloudstack):
        connection.close()

    # The administrator reaches the management interface, the others do not.
    assert whoami(broker, "admin") == 200 and whoami(broker, "martlet") == 401


def whoami(broker, user):
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    url = f"http://127.0.0.1:{broker.management}/api/whoami"
    passwords.add_password(None, url, user, broker.password(user))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPBasicAuthHandler(passwords)
    )
    try:
        return opener.open(url, timeout=DEADLINE).status
    except urllib.error.HTTPError as error:
        return error.code


if __name__ == "__main__":
    main()
