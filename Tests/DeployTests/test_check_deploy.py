"""The checks find what they are there to find: each slip is made in a copy, and has to be reported.

Scripts/check-deploy says what is wrong with deploy/; this says whether it would.
"""

import pathlib
import shutil
import tempfile
import unittest

import check_deploy
import cloudstack
import containers
import dependencies
import files
import monitoring
import pages
import service

ROOT = pathlib.Path(__file__).resolve().parents[2]
NEEDED = ["deploy", "docs", "Scripts", "Sources", "Tests"]
UNIT, IMAGE = "deploy/systemd/martlet.service", "deploy/docker/Dockerfile"
RULES, BOARD = "deploy/prometheus/martlet.rules.yaml", "deploy/grafana/martlet.json"
RABBITMQ, KAFKA = "deploy/compose/rabbitmq.yaml", "deploy/compose/kafka.yaml"
RUNBOOK, SECURITY, DEPENDENCIES = "docs/RUNBOOK.md", "docs/SECURITY.md", "docs/reference/dependencies.md"
MANAGEMENT = "etc/cloudstack/management"
CONTEXT = f"deploy/cloudstack/rabbitmq/up-to-4.19/{MANAGEMENT}/META-INF/cloudstack/core/spring-event-bus-context.xml"
PRODUCER = f"deploy/cloudstack/kafka/from-4.20/{MANAGEMENT}/kafka.producer.properties"

CONCERNS = {
    "cloudstack": cloudstack,
    "compose": containers,
    "docker": containers,
    "grafana": monitoring,
    "prometheus": monitoring,
    "systemd": service,
    "RUNBOOK.md": pages,
    "SECURITY.md": pages,
    "reference": dependencies,
}

# File, what stands there, what is put there, what has to be reported, the program that reports it.
SLIPS = [
    (UNIT, "RestartSec=", "RestartSecs=", "RestartSecs", "systemd-analyze"),
    (UNIT, "NoNewPrivileges=yes\n", "", "exposure", "systemd-analyze"),
    (UNIT, "ExecStart=", "ExecStartPre=/usr/bin/martlet version\nExecStart=", "ExecStartPre", None),
    (IMAGE, "USER 10585:10585", "USER root", "USER", None),
    (IMAGE, "FROM debian:12-slim", "FROM debian:latest", "no version", None),
    (IMAGE, "HEALTHCHECK", "# HEALTHCHECK", "HEALTHCHECK", None),
    (IMAGE, "librdkafka1 ", "", "librdkafka1", None),
    (IMAGE, "COPY Sources Sources", "COPY Source Sources", "no such file", None),
    (IMAGE, "WORKDIR /var/lib", "ENV MARTLET_TOKEN=abc", "secret", None),
    (RABBITMQ, "RABBITMQ_NODENAME: rabbit@rabbitmq", 'BROKER_PASSWORD: "hunter2"', "in the clear", None),
    (RABBITMQ, '"127.0.0.1:15672:15672"', '"15672:15672"', "open to every network", None),
    (RABBITMQ, "read_only: true", "read_only: false", "read_only", None),
    (RABBITMQ, "healthcheck:", "helthcheck:", "no health check", None),
    (KAFKA, "stop_grace_period:", "stop_grace:", "stop_grace", "docker-compose"),
    (KAFKA, "./kafka/topics.sh:", "./kafka/topic.sh:", "to mount", None),
    (KAFKA, "restart: unless-stopped", "restart: unless-stopped\n    restart: always", "stands twice", None),
    ("deploy/compose/rabbitmq/definitions.json", '"topic",', '"topic"', "cannot be read", None),
    ("deploy/compose/rabbitmq/users.sh", "fi\n", "\n", "sh -n", None),
    (RULES, "martlet_commit_failures_total", "martlet_commits_failed_total", "no metric", None),
    (RULES, "(martlet_source_backlog{job=", "(martlet_source_backlog{queue=", "no label queue", None),
    (RULES, "alert: MartletGap", "alert: MartletHole", "MartletHole", None),
    (RULES, 'martlet_source_up{job="martlet"} == 0', 'martlet_source_up{job="martlet"} == 1', "promtool", "promtool"),
    (BOARD, "martlet_store_bytes", "martlet_store_octets", "martlet_store_octets", None),
    (BOARD, "sum(rate(martlet_events_accepted_total", "sum rate(martlet_events_accepted_total", "promtool", "promtool"),
    (BOARD, '"schemaVersion": 39', '"schemaVersion": 9', "schemaVersion", None),
    (RUNBOOK, "### `store.full`", "### `store.empty`", "there is no section “`store.full`”", None),
    (RUNBOOK, "### Exit 64", "### Exit 63", "nothing is called “Exit 63”", None),
    (RUNBOOK, "**Try:**", "**Taste:**", "lacks **Try:**", None),
    (SECURITY, "*without the token nothing is said*", "*without the token all is said*", "no test named", None),
    (DEPENDENCIES, "| 6.2.2 |", "| 6.2.3 |", "differs from Package.swift", None),
    (DEPENDENCIES, "| hummingbird | 2.28.1 |", "| hummingboard | 2.28.1 |", "differs from Package.swift", None),
    (CONTEXT, "</bean>", "", "cannot be read", None),
    (CONTEXT, 'value="CHANGE-ME"', 'value="hunter2"', "has a password", None),
    (CONTEXT, "mom.rabbitmq", "mom.rabbit", "class", None),
    (PRODUCER, "acks=all", "acks=1", "acks", None),
]


class SlipTests(unittest.TestCase):
    def test_every_slip_is_reported(self):
        with tempfile.TemporaryDirectory(prefix="martlet-slips-") as directory:
            root = pathlib.Path(directory)
            for name in NEEDED:
                shutil.copytree(ROOT / name, root / name)
            shutil.copy(ROOT / "Package.swift", root)
            self.assertEqual(self.problems(root), [], "the copy itself has problems")
            for name, old, new, reported, program in SLIPS:
                if program and not shutil.which(program):
                    continue
                with self.subTest(file=name, slip=new or f"no {old!r}"):
                    path = root / name
                    text = path.read_text()
                    self.assertIn(old, text, "the slip can no longer be made")
                    path.write_text(text.replace(old, new, 1))
                    problems = self.problems(root, [files, CONCERNS[path.relative_to(root).parts[1]]])
                    path.write_text(text)
                    self.assertTrue(any(reported in problem for problem in problems), problems)

    def problems(self, root, checks=check_deploy.CHECKS):
        return check_deploy.check(root, checks=checks).problems


if __name__ == "__main__":
    unittest.main()
