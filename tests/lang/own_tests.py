# SPDX-License-Identifier: Apache-2.0
"""What templates of a site's own languages use and no shipped processor does."""

from harness import check_equal, shells_for

VERSIONS = {
    "1.4.2": "1.4.2",
    "fooc (the Foo tools) 1.4.2": "1.4.2",
    "Foo compiler, version v2.0-rc1, built on x86_64": "2.0-rc1",
    "go1.19.8 linux/amd64": "1.19.8",
    "foo (Vendor 12.2.0-14+v1) 12.2.0\nfoo 3.0": "12.2.0",
    "Foo (12.2.0-14+deb12u1)\nlibrary 3.1": "12.2.0-14+deb12u1",
    "Foo (2.1), with Bar (3.1)": "2.1",
    "Foo 7 of 2026\nlibrary 3.1.": "3.1",
    "Foo release 7, (c) 2026": "7",
    "* (c) Foo: 3": "3",
    "Foo": None,
    "": None,
}


def guess(suite, shell, *command):
    """(exit status, tool_version) of guess_version COMMAND."""
    code = '. "${0%/*}/ejf-probe"; set -f; guess_version "$@"; echo "$? $tool_version"'
    result = suite.run([shell, "-c", code, suite.scripts / "script", *command], suite.directory())
    status, _, version = result.stdout.rstrip("\n").partition(" ")
    return int(status), version


def versions(suite, shell):
    for text, wanted in VERSIONS.items():
        check_equal(guess(suite, shell, "printf", "%s\\n", text), (0, wanted) if wanted else (1, ""), text)
    check_equal(guess(suite, shell, "sh", "-c", "echo 1.2 >&2"), (0, "1.2"), "standard error")
    check_equal(guess(suite, shell, "sh", "-c", "echo 1.2; exit 1"), (1, ""), "a program that fails")


def run(suite):
    for shell in shells_for(""):
        suite.test(f"own.versions.{shell}", versions, suite, shell)
