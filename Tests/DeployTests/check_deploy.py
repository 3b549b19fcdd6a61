"""Runs every check of deploy/; Scripts/check-deploy calls it."""

import sys

import containers
import cloudstack
import dependencies
import files
import monitoring
import pages
import service
from report import Report

CHECKS = [files, containers, service, monitoring, pages, dependencies, cloudstack]


def check(root, *options, checks=CHECKS):
    report = Report(root)
    for each in checks:
        each.check(report, *(options if each is cloudstack else ()))
    return report


if __name__ == "__main__":
    sys.exit(check(*sys.argv[1:3]).finish())
