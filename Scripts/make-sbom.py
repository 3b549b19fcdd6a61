#!/usr/bin/env python3
"""Writes the list of everything that a build of Martlet contains, as CycloneDX 1.5 (https://cyclonedx.org).

    Scripts/make-sbom.py VERSION > martlet.cdx.json

Swift packages come from Package.resolved and their checkouts, C libraries from pkg-config and dpkg. The same build gives the
same bytes: there is no time in it, and its serial number is made of its content. A licence that is not recognised is an error,
and not a guess.
"""

import json
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKOUTS = ROOT / ".build/checkouts"

# Licence texts by what only they say.
LICENCES = [
    ("Apache-2.0 WITH Swift-exception", r"Apache License.*Version 2\.0.*Runtime Library Exception"),
    ("Apache-2.0", r"Apache License\s+Version 2\.0"),
    ("MIT", r"Permission is hereby granted, free of charge"),
]

# What a Swift package brings along in its own sources: C libraries that no package manager knows of.
VENDORED = {
    "swift-crypto": ("BoringSSL", "Apache-2.0", r"BoringSSL Commit: ([0-9a-f]{40})", "Package.swift"),
    "swift-nio-ssl": ("BoringSSL", "Apache-2.0", r"BoringSSL Commit: ([0-9a-f]{40})", "Package.swift"),
    "yams": ("libyaml", "MIT", None, ""),
}

# The C libraries that Package.swift and GRDB link, by Debian's packages, and Debian's names for their licences.
LIBRARIES = ["libcurl4", "libjemalloc2", "librabbitmq4", "librdkafka1", "libsimdjson14", "libsqlite3-0"]
DEBIAN_LICENCES = {
    "Apache-2.0": "Apache-2.0",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD-2-clause": "BSD-2-Clause",
    "Expat": "MIT",
    "curl": "curl",
    "public-domain": "blessing",
}


def licence_of(folder):
    for path in sorted(folder.glob("LICEN[SC]E*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for name, pattern in LICENCES:
            if re.search(pattern, text, re.DOTALL):
                return name
    sys.exit(f"make-sbom: the licence of {folder.name} is not known to Scripts/make-sbom.py: look at it and add it")


def licences(expression):
    if " " in expression:
        return [{"expression": expression}]
    return [{"license": {"id": expression}}]


def checkout_of(pin):
    name = pin["location"].rstrip("/").removesuffix(".git").rsplit("/", 1)[-1]
    folder = CHECKOUTS / name
    if not folder.is_dir():
        sys.exit(f"make-sbom: {folder} is missing: build first (swift package resolve)")
    return folder


def vendored(identity, folder):
    if identity not in VENDORED:
        return []
    name, licence, pattern, place = VENDORED[identity]
    path = folder / place
    found = re.search(pattern, path.read_text()) if pattern else None
    component = {"type": "library", "name": name, "licenses": licences(licence)}
    if found:
        component["version"] = found.group(1)
    return [component]


def swift_packages():
    pins = json.loads((ROOT / "Package.resolved").read_text())["pins"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        folder = checkout_of(pin)
        place = re.sub(r"^https?://|\.git$", "", pin["location"])
        purl = f"pkg:swift/{place}@{pin['state']['version']}"
        component = {
            "type": "library",
            "bom-ref": purl,
            "name": folder.name,
            "version": pin["state"]["version"],
            "licenses": licences(licence_of(folder)),
            "purl": purl,
            "hashes": [{"alg": "SHA-1", "content": pin["state"]["revision"]}],
            "externalReferences": [{"type": "vcs", "url": pin["location"]}],
        }
        nested = vendored(pin["identity"], folder)
        if nested:
            component["components"] = nested
        yield component


def said(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def debian_packages():
    architecture = said("dpkg", "--print-architecture")
    for package in LIBRARIES:
        version = said("dpkg-query", "-W", "-f=${Version}", package)
        text = pathlib.Path(f"/usr/share/doc/{package}/copyright").read_text(encoding="utf-8")
        # Of the whole, which is the first stanza.
        name = re.search(r"^License: *(\S+)", text, re.MULTILINE).group(1)
        if name not in DEBIAN_LICENCES:
            sys.exit(f"make-sbom: Debian calls the licence of {package} {name}: add it to Scripts/make-sbom.py")
        purl = f"pkg:deb/debian/{package}@{version}?arch={architecture}"
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": package,
            "version": version,
            "licenses": licences(DEBIAN_LICENCES[name]),
            "purl": purl,
        }


def toolchain():
    version = re.search(r"Swift version (\S+)", said("swift", "--version")).group(1)
    purl = f"pkg:generic/swift@{version}"
    return {
        "type": "framework",
        "bom-ref": purl,
        "name": "Swift standard library, Foundation and Dispatch",
        "version": version,
        "licenses": licences("Apache-2.0 WITH Swift-exception"),
        "purl": purl,
        "externalReferences": [{"type": "website", "url": "https://www.swift.org"}],
    }


def document(version):
    components = [*swift_packages(), *debian_packages(), toolchain()]
    own = f"pkg:generic/martlet@{version}"
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": own, "name": "martlet", "version": version, "purl": own}
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bom, sort_keys=True))}"
    return bom


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} VERSION")
    json.dump(document(sys.argv[1]), sys.stdout, indent=2, sort_keys=True)
    print()
