"""CloudStack's side, which `martlet setup cloudstack` writes, and the configurations that Martlet itself checks.

python3 Tests/DeployTests/cloudstack.py MARTLET    writes deploy/cloudstack anew
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.dom.minidom
import xml.parsers.expat

from files import ERRORS, read_properties

KAFKA = ["--kafka", "kafka1.example:9092,kafka2.example:9092,kafka3.example:9092", "--topic", "cs"]
RABBITMQ = ["--rabbitmq", "rabbitmq.example:5671", "--tls"]
WEBHOOK = ["--webhook", "https://martlet.example/v1/sources/cloudstack"]

# Folder of deploy/cloudstack, and what makes it.
SETUPS = {
    "kafka/up-to-4.19": [*KAFKA, "--cloudstack-version", "4.19"],
    "kafka/from-4.20": [*KAFKA, "--cloudstack-version", "4.20"],
    "rabbitmq/up-to-4.19": [*RABBITMQ, "--cloudstack-version", "4.19"],
    "rabbitmq/from-4.20": [*RABBITMQ, "--cloudstack-version", "4.20"],
    "webhook/from-4.20": [*WEBHOOK, "--cloudstack-version", "4.20"],
}
# What stands where a secret belongs. A file that is nothing but a secret is left out.
SECRET = "CHANGE-ME"
BUSES = {
    "kafka": "org.apache.cloudstack.mom.kafka.KafkaEventBus",
    "rabbitmq": "org.apache.cloudstack.mom.rabbitmq.RabbitMQEventBus",
}


def check(report, martlet=None):
    folder = report.root / "deploy/cloudstack"
    for name in SETUPS:
        check_side(report, folder / name)
    found = {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*") if path.is_dir()}
    report.require(found == set(SETUPS), folder, f"holds {sorted(found ^ set(SETUPS))}, or lacks them")

    martlet = martlet or next(
        (path for path in (report.root / f".build/{mode}/martlet" for mode in ("debug", "release")) if path.exists()),
        None,
    )
    if not martlet:
        return report.skip(
            "the configurations, and CloudStack's side against its command", "there is no binary: swift build"
        )
    check_configurations(report, martlet)
    if "setup" not in subprocess.run([martlet, "--help"], capture_output=True, text=True).stdout:
        return report.skip("CloudStack's side against its command", f"{martlet} has no command “setup”")
    with tempfile.TemporaryDirectory(prefix="martlet-setup-") as directory:
        write(martlet, pathlib.Path(directory))
        written, kept = contents(pathlib.Path(directory)), contents(folder)
        for path in sorted(set(written) | set(kept)):
            report.require(
                written.get(path) == kept.get(path),
                folder / path,
                f"differs from what “martlet setup cloudstack {' '.join(SETUPS['/'.join(path.parts[:2])])}” writes",
            )


def check_side(report, folder):
    """The facts that CloudStack's versions differ by, apart from any program of ours."""
    transport, version = folder.parent.name, folder.name
    management = folder / "etc/cloudstack/management"
    context = (
        management
        / "META-INF/cloudstack"
        / ("event" if version == "from-4.20" else "core")
        / "spring-event-bus-context.xml"
    )
    if transport in BUSES and report.require(context.exists(), context, "is missing"):
        try:
            beans = xml.dom.minidom.parse(str(context)).getElementsByTagName("bean")
        except xml.parsers.expat.ExpatError:
            return  # Told by files.py.
        bean = beans[0]
        properties = {
            each.getAttribute("name"): each.getAttribute("value") for each in bean.getElementsByTagName("property")
        }
        report.require(
            len(beans) == 1 and bean.getAttribute("id") == "eventNotificationBus",
            context,
            "has another bean than eventNotificationBus",
        )
        report.require(
            bean.getAttribute("class") == BUSES[transport], context, f"is not of the class {BUSES[transport]}"
        )
        wanted = {"name"} | (
            {"server", "port", "username", "password", "exchange"} if transport == "rabbitmq" else set()
        )
        report.require(wanted <= set(properties), context, f"lacks {sorted(wanted - set(properties))}")
        report.require(properties.get("password", SECRET) == SECRET, context, "has a password in it")
    producer = management / "kafka.producer.properties"
    if transport == "kafka" and report.require(producer.exists(), producer, "is missing"):
        try:
            settings = read_properties(producer)
        except ERRORS:
            return
        report.require({"bootstrap.servers", "topic"} <= set(settings), producer, "names no brokers or no topic")
        report.require(settings.get("acks") == "all", producer, "acks is not all")


def configurations(root):
    """Every configuration that is deployed, and every one that the guides show."""
    for path in sorted((root / "deploy").rglob("martlet.yaml")):
        yield path, path.read_text()
    for name in ("brokers", "deploy"):
        path = root / f"docs/guide/{name}.md"
        for block in re.findall(r"```yaml\n(.*?)```", path.read_text(), re.DOTALL):
            yield path, block


def check_configurations(report, martlet):
    """`martlet check` on each; the files that it names are there for the moment."""
    known = subprocess.run([martlet, "components"], capture_output=True, text=True).stdout
    for path, text in configurations(report.root):
        missing = [kind for kind in ("amqp", "kafka") if f"{kind}:" in text and f" {kind} " not in known]
        if missing:
            report.skip(f"martlet check {report.name(path)}", f"{martlet} has no {missing[0]}")
            continue
        with tempfile.TemporaryDirectory(prefix="martlet-check-") as directory:
            for place, secret in set(re.findall(r"(/run/secrets/|/etc/martlet/)([\w.-]+)", text)):
                (pathlib.Path(directory) / secret).write_text("a password\n")
                text = text.replace(place + secret, f"{directory}/{secret}")
            text = text.replace("/etc/cloudstack", f"{report.root}/deploy/cloudstack/kafka/from-4.20/etc/cloudstack")
            copy = pathlib.Path(directory) / "martlet.yaml"
            copy.write_text(text)
            report.run(path, martlet, "check", copy)


def write(martlet, folder):
    environment = {**os.environ, "MARTLET_BROKER_PASSWORD": SECRET, "MARTLET_WEBHOOK_SECRET": SECRET}
    for name, options in SETUPS.items():
        command = [martlet, "setup", "cloudstack", *options, "--output", str(folder / name)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    for path in folder.rglob("*.secret"):
        path.unlink()
    for path in folder.rglob("*.sh"):
        path.chmod(0o755)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    target = pathlib.Path(__file__).resolve().parents[2] / "deploy/cloudstack"
    shutil.rmtree(target, ignore_errors=True)
    write(sys.argv[1], target)
