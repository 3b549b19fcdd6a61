"""Alert rules and dashboard: they parse, fire when they should, and ask for metrics that there are."""

import json
import pathlib
import re
import tempfile

from files import ERRORS, read_yaml

# Of Prometheus itself.
FOREIGN = {"up": set()}
METRIC = r"(?:martlet|process)_[a-z0-9_]+"


def check(report):
    rules = report.root / "deploy/prometheus/martlet.rules.yaml"
    dashboard = report.root / "deploy/grafana/martlet.json"
    try:
        alerts = [rule for group in read_yaml(rules)["groups"] for rule in group["rules"]]
        board = json.loads(dashboard.read_text())
    except ERRORS:
        return  # Told by files.py.
    known = metrics(report)
    check_rules(report, rules, alerts)
    check_dashboard(report, dashboard, board)
    expressions = [(rules, rule["expr"]) for rule in alerts]
    expressions += [(dashboard, expression) for expression in board_expressions(board)]
    for place, expression in expressions:
        check_names(report, place, expression, known)
    for page in [report.root / "docs/RUNBOOK.md", *sorted((report.root / "docs/guide").glob("*.md"))]:
        for name in set(re.findall(rf"`({METRIC})", page.read_text())) - set(FOREIGN):
            report.require(name in known, page, f"there is no metric {name}")
    if report.has("promtool", "the alert rules and the dashboard's expressions"):
        report.run(rules, "promtool", "check", "rules", rules)
        report.run(
            rules.with_name("scrape.yaml"),
            "promtool",
            "check",
            "config",
            "--syntax-only",
            rules.with_name("scrape.yaml"),
        )
        tests = report.root / "Tests/DeployTests/martlet.rules.test.yaml"
        report.run(tests, "promtool", "test", "rules", tests)
        check_expressions(report, dashboard, board_expressions(board))


def metrics(report):
    """The metrics of the server with their labels, as its source has them."""
    found = {}
    for path in sorted((report.root / "Sources/MartletHTTP/Metrics").glob("*.swift")):
        text = path.read_text()
        for name in re.findall(rf'"({METRIC})"', text):
            found.setdefault(name, set())
        for name, labels in re.findall(rf'sample\(\s*"({METRIC})",\s*\[(.*?)\],', text, re.DOTALL):
            found[name] |= set(re.findall(r'\("(\w+)",', labels))
        # Those of a table share their labels.
        for table, labels in re.findall(
            r"for metric in Metrics\.(\w+) \{.*?sample\(metric\.name, \[(.*?)\],", text, re.DOTALL
        ):
            block = re.search(rf"let {table} = \[(.*?)\n    \]", text, re.DOTALL).group(1)
            for name in re.findall(rf'name: "({METRIC})"', block):
                found[name] |= set(re.findall(r'\("(\w+)",', labels))
    report.require(
        len(found) > 20, report.root / "Sources/MartletHTTP/Metrics", "the metrics could not be read from here"
    )
    return {**found, **FOREIGN}


def check_names(report, place, expression, known):
    for name, labels in re.findall(rf"\b({METRIC}|up)\b(?:\{{([^}}]*)\}})?", expression):
        # What stands in `by (…)` and the like are labels.
        if not report.require(name in known, place, f"there is no metric {name}"):
            continue
        for label in re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", labels):
            report.require(label in known[name] | {"job", "instance"}, place, f"{name} has no label {label}")


def check_rules(report, path, alerts):
    names = [rule["alert"] for rule in alerts]
    report.require(len(names) == len(set(names)), path, "an alert stands twice")
    tested = (report.root / "Tests/DeployTests/martlet.rules.test.yaml").read_text()
    for rule in alerts:
        name, notes = rule["alert"], rule["annotations"]
        report.require(rule["labels"].get("severity") in ("critical", "warning"), path, f"{name} has no severity")
        report.require({"summary", "action", "runbook"} <= set(notes), path, f"{name} does not say what to do")
        report.require(
            notes.get("runbook") == f"docs/RUNBOOK.md#{name.lower()}",
            path,
            f"the runbook of {name} is not its own section",
        )
        report.require(f'alertname="{name}"' in tested, path, f"no test shows that {name} fires")


def board_expressions(board):
    found = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    found += [note["expr"] for note in board["annotations"]["list"]]
    found += [
        re.sub(r"label_values\((.*), \w+\)", r"\1", each["query"]["query"])
        for each in board["templating"]["list"]
        if each["type"] == "query"
    ]
    return [expression.replace("$__rate_interval", "5m").replace("$__range", "1h") for expression in found]


def check_expressions(report, path, expressions):
    """Grafana's expressions are Prometheus's, so promtool reads them as the rules that they could be."""
    rules = [{"record": f"martlet:{index}", "expr": expression} for index, expression in enumerate(expressions)]
    with tempfile.TemporaryDirectory(prefix="martlet-rules-") as directory:
        file = pathlib.Path(directory) / "dashboard.yaml"
        file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
        report.run(path, "promtool", "check", "rules", file)


def check_dashboard(report, path, board):
    report.require(board.get("schemaVersion", 0) >= 36, path, "schemaVersion is older than Grafana 9")
    report.require(board.get("uid") and board.get("title"), path, "uid or title is missing")
    report.require("id" not in board, path, "id is of one Grafana only")
    panels = board["panels"]
    report.require(len({panel["id"] for panel in panels}) == len(panels), path, "two panels share an id")
    variables = {each["name"] for each in board["templating"]["list"]} | {"__rate_interval", "__range"}
    for name in set(re.findall(r"\$\{?(\w+)", json.dumps(board))):
        report.require(name in variables, path, f"there is no variable {name}")
    taken = set()
    for panel in panels:
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        report.require(
            not cells & taken and grid["x"] + grid["w"] <= 24, path, f"the panel {panel['title']} lies on another one"
        )
        taken |= cells
        if panel["type"] != "row":
            report.require(
                panel.get("description") and panel.get("targets"),
                path,
                f"the panel {panel['title']} has no description or no target",
            )
