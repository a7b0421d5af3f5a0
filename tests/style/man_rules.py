# SPDX-License-Identifier: Apache-2.0
"""Rules about the manual: each program and each setting is described, and the pages are clean."""

import re
import subprocess
from pathlib import Path
from typing import Iterable, List, Optional

from tree import Rule, Tree

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def render(tree: Tree, path: str) -> str:
    """A page as plain text, with lines so long that no option is broken."""
    return subprocess.run(["groff", "-mandoc", "-Tascii", "-P-cbou", "-rLL=2000n", tree.root / path], check=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode()


def page_of(tree: Tree, program: str) -> Optional[str]:
    return next((page for page in (f"man/{program}.{section}" for section in "185") if tree.has(page)), None)


def man_pages(tree: Tree) -> Iterable[str]:
    for program in tree.programs():
        page = page_of(tree, program.name)
        if page is None:
            yield f"man/{program.name}.1: there is no page for this program"
        elif not re.search(rf"\b{re.escape(Path(page).name)}\b", tree.text("man/module.mk")):
            yield f"man/module.mk: {page} is not installed"


def man_options(tree: Tree) -> Iterable[str]:
    for program in tree.programs():
        page = page_of(tree, program.name)
        done = subprocess.run([program, "--help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=20, check=False)
        if done.returncode != 0:
            yield f"{program.name} --help: exit status {done.returncode}"
        if page is None:
            continue
        described = set(OPTION.findall(render(tree, page)))
        for option in sorted(set(OPTION.findall(done.stdout.decode())) - described):
            yield f"{page}: {option} of {program.name} --help is not described"


SAMPLE = "conf/ejforge.ini"
SETTINGS_PAGE = "man/ejforge.ini.5"


def settings(tree: Tree) -> Iterable[str]:
    if not tree.has(SAMPLE) or not tree.has(SETTINGS_PAGE):
        yield f"{SAMPLE} and {SETTINGS_PAGE} must both exist"
        return
    page = render(tree, SETTINGS_PAGE)
    for number, line in enumerate(tree.text(SAMPLE).split("\n"), 1):
        key = re.match(r"\s*[#;]?\s*([a-z][a-z0-9_]*)\s*=", line)
        section = re.match(r"\s*(\[[a-z]+\])", line)
        word = key.group(1) if key else section.group(1) if section else None
        if word and not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page):
            yield f"{SAMPLE}:{number}: {word} is not in {SETTINGS_PAGE}"


def man_lint(tree: Tree) -> Iterable[str]:
    for path in tree.paths(".1", ".5", ".8", under="man/"):
        done = subprocess.run(["groff", "-mandoc", "-Tascii", "-ww", "-z", path], cwd=tree.root, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        yield from done.stderr.decode().splitlines()


def news(tree: Tree) -> Iterable[str]:
    version = re.search(r"AC_INIT\(\[\w+\], \[([\d.]+)\]", tree.text("configure.ac"))
    if version and f"## {version.group(1)}" not in tree.text("NEWS.md"):
        yield f"NEWS.md: has no section for version {version.group(1)}"


def installed(help_text: str) -> List[tuple]:
    """A build directory for the rules' own tests: one program, prog."""
    return [("Makefile", "list-programs:\n\t@echo installed prog\n"), ("prog", f"#!/bin/sh\necho '{help_text}'\n")]


PAGE = ".Dd January 1, 2026\n.Dt PROG 1\n.Os\n.Sh NAME\n.Nm prog\n.Nd test\n.Sh OPTIONS\n.Fl -slots\n"
RULES = [
    Rule("man-pages", man_pages, dict(installed(""), **{"man/module.mk": ""}), "no page"),
    Rule("man-pages-installed", man_pages, dict(installed(""), **{"man/module.mk": "", "man/prog.1": PAGE}), "not installed"),
    Rule("man-options", man_options, dict(installed("--slots --jail"), **{"man/prog.1": PAGE}), "--jail of prog"),
    Rule("man-options-help", man_options, dict(installed("") + [("prog", "#!/bin/sh\nexit 3\n")]), "exit status 3"),
    Rule("man-settings", settings, {SAMPLE: "[server]\n#grace_time = 2\n", SETTINGS_PAGE: PAGE + "[server]\n.Va grace\n"},
         "grace_time is not in"),
    Rule("man-lint", man_lint, {"man/prog.1": PAGE + ".Unknown macro\n"}, "Unknown"),
    Rule("news", news, {"configure.ac": "AC_INIT([x], [1.2.0])\n", "NEWS.md": "## 1.1.0\n"}, "version 1.2.0"),
]
