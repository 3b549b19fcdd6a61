#!/usr/bin/env python3
"""Writes the Swift text of CloudStack's event types and state machines.

    Scripts/generate-catalogues.py EVENT-TYPES STATE-MACHINES

EVENT-TYPES has a line for each event type, `VM.START VirtualMachine`, without the entity where there is none.
STATE-MACHINES has a line for each transition, `Volume Ready ResizeRequested Resizing`, and a line with all states of each
machine, `# STATES Volume: Allocated Creating …`.
"""

import pathlib
import re
import sys
import textwrap

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Sources" / "MartletClouds" / "CloudStack" / "Catalogue"
NOTICE = "// Written by Scripts/generate-catalogues.py; change that, not this.\n\n"
WIDTH = 115


def wrapped(head, words):
    """The words in lines that each begin with the head."""
    return [f"{head} {line}" for line in textwrap.wrap(" ".join(words), WIDTH - len(head), break_on_hyphens=False)]


def literal(name, comment, lines):
    body = "".join(f"    {line}\n" for line in lines)
    return f'{NOTICE}/// {comment}\nlet {name}: StaticString = """\n{body}    """\n'


def event_types(path):
    entities = {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, *entity = line.split()
        entities.setdefault(entity[0] if entity else "-", []).append(name)
    lines = []
    for entity in sorted(entities):
        lines += wrapped(entity, entities[entity])
    return literal(
        "cloudStackEventTypes",
        "An entity, or `-` for none, and the event types that CloudStack maps to it.",
        lines,
    )


def state_machines(path):
    states, transitions = {}, {}
    for line in path.read_text().splitlines():
        header = re.match(r"# STATES (\w+): ([\w ]+)", line)
        if header:
            states[header[1]] = header[2].split()
        elif line and not line.startswith("#"):
            machine, old, event, new = line.split()[:4]
            transitions.setdefault(machine, {}).setdefault(old, []).append(f"{event}>{new}")
    lines = []
    for machine in states:
        lines += wrapped(f"{machine} *", states[machine])
        for old, steps in transitions[machine].items():
            lines += wrapped(f"{machine} {old}", steps)
    return literal(
        "cloudStackTransitions",
        "A machine, a state (`*`: all of them follow) and the transitions out of it, `event>new state`.",
        lines,
    )


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    events, machines = map(pathlib.Path, sys.argv[1:])
    (FOLDER / "CloudStackEventTypes.swift").write_text(event_types(events))
    (FOLDER / "CloudStackTransitions.swift").write_text(state_machines(machines))


if __name__ == "__main__":
    main()
