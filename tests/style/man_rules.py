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


def help_of(program: Path, *command: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([program, *command, "--help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=20, check=False)


def man_options(tree: Tree) -> Iterable[str]:
    for program in tree.programs():
        page = page_of(tree, program.name)
        described = set(OPTION.findall(render(tree, page))) if page else set()
        first = help_of(program)
        commands = re.search(rb"^Commands:\n((?:  .*\n)+)", first.stdout, re.M)
        names = re.findall(r"^  (\S+)", commands.group(1).decode(), re.M) if commands else []
        for done in [first] + [help_of(program, name) for name in names]:
            if done.returncode != 0:
                yield f"{program.name} --help: exit status {done.returncode}"
            for option in sorted(set(OPTION.findall(done.stdout.decode())) - described):
                # --with-LANG: what follows is a word of the user's.
                if option.endswith("-") and any(known.startswith(option) for known in described):
                    continue
                yield f"{page or program.name}: {option} of {program.name} --help is not described"


SAMPLE = "conf/ejforge.ini"
SETTINGS_PAGE = "man/ejforge.ini.5"
SETTINGS_TABLE = "src/config/settings.cc"


def settings(tree: Tree) -> Iterable[str]:
    """Each row of the table of settings, {"section", "key", Type, ...}, is in the page and, commented out, in the sample."""
    keys = re.findall(r'\{"([a-z]+)", "([a-z_]+)", T::', tree.text(SETTINGS_TABLE))
    if not keys:
        yield f"{SETTINGS_TABLE}: holds no table of settings"
    page = render(tree, SETTINGS_PAGE)
    sections = re.split(r"^\[([a-z]+)\]$", tree.text(SAMPLE), flags=re.M)
    sample = dict(zip(sections[1::2], sections[2::2]))
    for section, key in keys:
        if not re.search(rf"(?<!\w){key}(?!\w)", page) or f"[{section}]" not in page:
            yield f"{SETTINGS_PAGE}: has no [{section}] {key}"
        if not re.search(rf"^#{key} =", sample.get(section, ""), re.M):
            yield f"{SAMPLE}: has no [{section}] {key}"
    known = set(keys)
    for section, text in sample.items():
        for key in re.findall(r"^#?([a-z_]+) *=", text, re.M):
            if (section, key) not in known:
                yield f"{SAMPLE}: [{section}] {key} is no setting"


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
SETTINGS_BAD = {SETTINGS_TABLE: '{"server", "grace_time", T::duration, "30s"},\n',
                SAMPLE: "[server]\n#slots = 2\n", SETTINGS_PAGE: PAGE + ".Sh [server]\n.Va grace\n"}
RULES = [
    Rule("man-pages", man_pages, dict(installed(""), **{"man/module.mk": ""}), "no page"),
    Rule("man-pages-installed", man_pages, dict(installed(""), **{"man/module.mk": "", "man/prog.1": PAGE}), "not installed"),
    Rule("man-options", man_options, dict(installed("--slots --jail"), **{"man/prog.1": PAGE}), "--jail of prog"),
    Rule("man-options-help", man_options, dict(installed("") + [("prog", "#!/bin/sh\nexit 3\n")]), "exit status 3"),
    Rule("man-options-command", man_options,
         {"Makefile": installed("")[0][1], "man/prog.1": PAGE,
          "prog": "#!/bin/sh\nif [ $1 = do ]; then echo --force; else printf 'Commands:\\n  do  it\\n'; fi\n"}, "--force of prog"),
    Rule("man-settings", settings, SETTINGS_BAD, "ejforge.ini.5: has no [server] grace_time"),
    Rule("man-settings-sample", settings, SETTINGS_BAD, "ejforge.ini: has no [server] grace_time"),
    Rule("man-settings-unknown", settings, SETTINGS_BAD, "[server] slots is no setting"),
    Rule("man-lint", man_lint, {"man/prog.1": PAGE + ".Unknown macro\n"}, "Unknown"),
    Rule("news", news, {"configure.ac": "AC_INIT([x], [1.2.0])\n", "NEWS.md": "## 1.1.0\n"}, "version 1.2.0"),
]
