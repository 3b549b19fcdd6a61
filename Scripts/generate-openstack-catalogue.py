#!/usr/bin/env python3
"""Writes the Swift text of OpenStack's event types.

    Scripts/generate-openstack-catalogue.py EVENT-TYPES

EVENT-TYPES has a line for each event type, its columns parted by tabs: the service, the event type, and what nobody needs
here.
"""

import pathlib
import sys
import textwrap

FILE = (
    pathlib.Path(__file__).resolve().parent.parent
    / "Sources/MartletClouds/OpenStack/Catalogue/OpenStackEventTypes.swift"
)
NOTICE = "// Written by Scripts/generate-openstack-catalogue.py; change that, not this.\n\n"
COMMENT = "/// A service, and the event types that it sends; what two of its formats share stands here once.\n"
WIDTH = 115


def event_types(path):
    services = {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        service, name = line.split("\t")[:2]
        services.setdefault(service, {})[name] = None
    lines = []
    for service, names in services.items():
        words = textwrap.wrap(" ".join(names), WIDTH - len(service), break_on_hyphens=False)
        lines += [f"    {service} {line}\n" for line in words]
    return f'{NOTICE}{COMMENT}let openStackEventTypes: StaticString = """\n{"".join(lines)}    """\n'


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    FILE.write_text(event_types(pathlib.Path(sys.argv[1])))


if __name__ == "__main__":
    main()
