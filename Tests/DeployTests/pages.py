"""The runbook has a section for each code, alert and state, and none without one; tests that pages name are there."""

import re

from files import ERRORS, read_yaml

RUNBOOK = "docs/RUNBOOK.md"
# Pages that name tests, in italics.
NAMING_TESTS = [RUNBOOK, "docs/SECURITY.md"]
# Written `Sources/…`, what is looked for there, and the heading it wants.
SOURCES = [
    ("Sources/MartletClient/Problems/ProblemCode.swift", r'ProblemCode\(rawValue: "([a-z-]+)"\)', "`{}`"),
    ("Sources", r'Code\(rawValue: "((?:intake|store|amqp|kafka)\.[a-z.-]+)"\)', "`{}`"),
    ("Sources/MartletCommands/Connection/CommandFailure.swift", r"case \w+ = (\d+)$", "Exit {}"),
    ("Sources/MartletPipeline/Source/SourceAlert.swift", r"^        case (\w+)$", "`martlet.source.{}`"),
    ("Sources/MartletPipeline/Retention/RetentionAlert.swift", r"^        case (\w+)$", "`martlet.retention.{}`"),
    ("Sources/MartletPipeline/Forwarder/ForwarderAlert.swift", r"^        case (\w+)$", "`martlet.forwarder.{}`"),
    ("Sources/MartletPipeline/Store/StoreAlert.swift", r"^        case (\w+)$", "`martlet.store.{}`"),
    ("Sources/MartletPipeline/Source/SourceMonitor.swift", r"^        case (\w+)$", "Source `{}`"),
    ("Sources/MartletPipeline/Forwarder/Forwarder+Control.swift", r"^        case (\w+)$", "Forwarder `{}`"),
]


def check(report):
    check_sections(report)
    tests = "\n".join(path.read_text() for path in sorted((report.root / "Tests").rglob("*.swift")))
    names = set(re.findall(r"func `([^`]+)`", tests))
    for name in NAMING_TESTS:
        page = report.root / name
        named = re.findall(r"(?<!\*)\*([^*\n]{12,})\*(?!\*)", page.read_text())
        report.require(len(named) > 5, page, "names no tests")
        for test in named:
            report.require(test in names, page, f"there is no test named “{test}”")


def check_sections(report):
    page = report.root / RUNBOOK
    found = {title: body for title, body in re.findall(r"^### (.*)\n((?:(?!^##).*\n?)*)", page.read_text(), re.MULTILINE)}
    wanted = set()
    for place, pattern, heading in SOURCES:
        path = report.root / place
        files = sorted(path.rglob("*.swift")) if path.is_dir() else [path]
        words = {word for file in files for word in re.findall(pattern, file.read_text(), re.MULTILINE)}
        report.require(bool(words), path, f"nothing is found here that the runbook would explain: {pattern}")
        wanted |= {heading.format(word) for word in words}
    # What the configuration does not name runs no more, and so has no activity.
    wanted.add("Forwarder `retired`")
    try:
        groups = read_yaml(report.root / "deploy/prometheus/martlet.rules.yaml")["groups"]
        wanted |= {rule["alert"] for group in groups for rule in group["rules"]}
    except ERRORS:
        return  # Told by files.py.
    for title in sorted(wanted - found.keys()):
        report.require(False, page, f"there is no section “{title}”")
    for title in sorted(found.keys() - wanted):
        report.require(False, page, f"nothing is called “{title}”")
    for title, body in found.items():
        for part in ["**Means:**", "**Do:**", "**Try:**"]:
            report.require(part in body, page, f"the section “{title}” lacks {part}")
