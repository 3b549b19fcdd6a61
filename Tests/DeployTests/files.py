"""Every file of deploy/ is what its name says: YAML, JSON, XML, a Java properties file, a shell script."""

import json
import os
import xml.dom.minidom
import xml.parsers.expat

import yaml


class StrictLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, of which YAML would silently take the last."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=StrictLoader)


def read_properties(path):
    """The keys and values of a Java properties file without escapes, which is all that ours have."""
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line[0] in "#!":
            continue
        key, separator, value = line.partition("=")
        if not separator or not key or key in values:
            raise ValueError(f"line {number}: {'the key stands twice' if key in values else 'no key=value'}")
        values[key.strip()] = value.strip()
    return values


READERS = {
    ".yaml": read_yaml,
    ".json": lambda path: json.loads(path.read_text(encoding="utf-8")),
    ".xml": lambda path: xml.dom.minidom.parse(str(path)),
    ".properties": read_properties,
}
ERRORS = (yaml.YAMLError, ValueError, xml.parsers.expat.ExpatError, UnicodeDecodeError)


def deployed(report):
    """The files that belong to the project; secrets that somebody has made there do not."""
    folder = report.root / "deploy"
    return [
        path for path in sorted(folder.rglob("*")) if path.is_file() and "secrets" not in path.relative_to(folder).parts
    ]


def check(report):
    for path in deployed(report):
        reader = READERS.get(path.suffix)
        if reader:
            try:
                reader(path)
                report.passed += 1
            except ERRORS as error:
                report.require(False, path, f"cannot be read: {error}")
        elif path.read_bytes().startswith(b"#!"):
            check_script(report, path)
        if path.suffix == ".sh":
            check_script(report, path)


def check_script(report, path):
    report.require(os.access(path, os.X_OK), path, "is no executable file: chmod +x")
    report.run(path, "sh", "-n", path)
    if report.has("shellcheck", "the style of the shell scripts"):
        report.run(path, "shellcheck", path)
