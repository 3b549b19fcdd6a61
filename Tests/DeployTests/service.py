"""The unit of systemd, verified by systemd itself; none has to run."""

import pathlib
import tempfile

# In tenths, as systemd-analyze counts: 11 at present. Lower is better; 100 is a unit without any protection.
EXPOSURE = 12


def check(report):
    unit = report.root / "deploy/systemd/martlet.service"
    before = [line for line in unit.read_text().splitlines() if line.startswith("ExecStartPre=")]
    report.require(not before, unit, "has an ExecStartPre: systemd restarts for ever where one fails, whatever its exit code")
    if not report.has("systemd-analyze", "the unit of systemd"):
        return
    with tempfile.TemporaryDirectory(prefix="martlet-unit-") as directory:
        # systemd wants the programs to be there; this one stands for all of Martlet's.
        copy = pathlib.Path(directory) / unit.name
        copy.write_text(unit.read_text().replace("/usr/bin/martlet", "/bin/true"))
        # It warns of an unknown key and succeeds, so that silence is what counts.
        report.run(unit, "systemd-analyze", "verify", "--man=no", copy, silent=True)
        report.run(unit, "systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", copy)
    accounts = report.root / "deploy/systemd/martlet.sysusers.conf"
    if report.has("systemd-sysusers", "the account of the unit"):
        with tempfile.TemporaryDirectory(prefix="martlet-root-") as directory:
            told = report.run(accounts, "systemd-sysusers", "--dry-run", f"--root={directory}", accounts)
            report.require("user 'martlet'" in told, accounts, "makes no account named martlet")
