"""What the checks have found, and what they could not look at."""

import pathlib
import shutil
import subprocess
import sys


class Report:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.problems = []
        self.skipped = {}
        self.passed = 0

    def require(self, condition, place, message):
        """Counts what is as it should be; a problem says where and what would be right."""
        if condition:
            self.passed += 1
        else:
            self.problems.append(f"{self.name(place)}: {message}")
        return bool(condition)

    def skip(self, what, reason):
        self.skipped[what] = reason

    def name(self, place):
        try:
            return pathlib.Path(place).relative_to(self.root)
        except ValueError:
            return place

    def has(self, program, what):
        """Whether a program is there; where it is not, what it would have checked is told at the end."""
        if shutil.which(program):
            return True
        self.skip(what, f"{program} is not installed")
        return False

    def run(self, place, *command, silent=False, **options):
        """Requires a command to succeed, and to say nothing where `silent` is set."""
        done = subprocess.run(
            [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
        )
        good = done.returncode == 0 and not (silent and done.stdout.strip())
        self.require(good, place, f"{' '.join(map(str, command[:3]))}: {done.stdout.strip()}")
        return done.stdout

    def finish(self):
        for what, reason in self.skipped.items():
            print(f"check-deploy: skipped: {what}: {reason}")
        for problem in self.problems:
            print(f"check-deploy: {problem}", file=sys.stderr)
        print(f"check-deploy: {self.passed} checks passed, {len(self.problems)} failed")
        return 1 if self.problems else 0
