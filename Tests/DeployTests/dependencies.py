"""The page of dependencies says what the build has: names, versions, licences."""

import importlib.util
import json
import re

PAGE = "docs/reference/dependencies.md"


def check(report):
    page = report.root / PAGE
    direct, brought, libraries = (table(section) for section in sections(page.read_text()))
    check_direct(report, page, direct)
    if not report.root.joinpath("Package.resolved").exists():
        report.skip("the list of resolved packages", "Package.resolved is not there: build first")
        return
    sbom = maker(report)
    pins = json.loads((report.root / "Package.resolved").read_text())["pins"]
    licences = {folder.name: sbom.licence_of(folder) for folder in map(sbom.checkout_of, pins)}
    written = {row["package"]: row["licence"] for row in direct + brought}
    for name in sorted(licences.keys() | written.keys()):
        report.require(
            written.get(name) == licences.get(name),
            page,
            f"{name}: the licence is {licences.get(name)}, and {written.get(name)} is written",
        )
    report.require(
        [row["package"] for row in libraries] == sbom.LIBRARIES, page, "the C libraries are not those of make-sbom.py"
    )
    check_bill(report, sbom)


def check_direct(report, page, rows):
    wanted = dict(
        re.findall(r'url: "https://github\.com/[^/"]+/([^"]+)", exact: "([^"]+)"', (report.root / "Package.swift").read_text())
    )
    report.require(len(wanted) > 5, report.root / "Package.swift", "the packages could not be read from here")
    report.require({row["package"]: row["version"] for row in rows} == wanted, page, "differs from Package.swift")


def check_bill(report, sbom):
    """The bill itself: made twice it is the same, and nothing in it lacks a version, a licence or a place."""
    script = report.root / "Scripts/make-sbom.py"
    try:
        bill = sbom.document("0.0.0")
    except (FileNotFoundError, sbom.subprocess.CalledProcessError) as error:
        report.skip("the bill of materials", str(error))
        return
    report.require(bill == sbom.document("0.0.0"), script, "writes another list the second time")
    for component in bill["components"]:
        whole = all(component.get(key) for key in ("name", "version", "licenses", "purl"))
        report.require(whole, script, f"{component.get('name')} lacks a version, a licence or a purl")


def maker(report):
    spec = importlib.util.spec_from_file_location("make_sbom", report.root / "Scripts/make-sbom.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sections(text):
    return re.split(r"^## ", text, flags=re.MULTILINE)[1:]


def table(section):
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in section.splitlines() if line.startswith("|")]
    return [dict(zip(rows[0], row)) for row in rows[2:]]
