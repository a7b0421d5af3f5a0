# SPDX-License-Identifier: Apache-2.0
"""The files themselves: shellcheck, tokens, the register of numbers."""

import json
import re

from harness import RECORDED, SHELLS, TOOLS, check, check_equal, which
from more_languages import LANGUAGES

# It takes long, so the processes share the work.
SHELLCHECK_PARTS = 4


def shellcheck(suite, part):
    scripts = [t.name for t in sorted(suite.templates.glob("*.in"))
               if t.read_text().startswith("#!/bin/sh\n")]
    check(len(scripts) >= 2 * len(TOOLS), f"only {len(scripts)} shell templates")
    result = suite.run(["shellcheck", "-x", *scripts[part::SHELLCHECK_PARTS]], suite.templates)
    check(result.returncode == 0, result.stdout + result.stderr)


def syntax(suite, shell):
    for template in sorted(suite.templates.glob("*.in")):
        if template.read_text().startswith("#!/bin/sh\n"):
            result = suite.run([shell, "-n", template], suite.work)
            check_equal((result.returncode, result.stderr), (0, ""), template.name)


def tokens(suite):
    """The six tokens are all there is, and no script carries a fixed configuration directory."""
    known = {"lang_config_dir", "prefix", "exec_prefix", "libexecdir", "local_dir", "contests_home_dir"}
    for template in sorted(suite.templates.glob("*.in")):
        text = template.read_text()
        check(set(re.findall(r"@([a-z_]+)@", text)) <= known, f"{template.name}: unknown token")
        check("/home/" not in text, f"{template.name}: a directory of one installation")
        check(text.startswith("#!"), f"{template.name}: cannot be executed")


def no_gawk(suite):
    for template in sorted(suite.templates.glob("*.in")):
        check("gawk" not in template.read_text() or template.name.startswith("gawk"), f"{template.name} wants gawk")


def every_language(suite):
    names = {t.name[:-len(".in")] for t in suite.templates.glob("*.in")}
    variants = (suite.templates.parent / "variants.cfg").read_text()
    names |= {line.split(":")[0].strip() for line in variants.splitlines() if line and not line.startswith("#")}
    for language in [*TOOLS, *LANGUAGES]:
        check({language, f"{language}-version"} <= names, f"{language} has no two templates")


def language_ids(suite):
    ids = {}
    for line in (suite.templates.parent / "lang_ids.cfg").read_text().splitlines():
        if line and not line.startswith("#"):
            check(re.fullmatch(r"[a-z][a-z0-9+-]*=[1-9][0-9]*", line), f"bad line {line!r}")
            name, number = line.split("=")
            check(name not in ids, f"{name} twice")
            ids[name] = int(number)
    check(all(300 <= ids.get(name, 0) < 400 for name in LANGUAGES), "a language of ours that has not got one of our numbers")
    check_equal(sum(300 <= number < 400 for number in ids.values()), len(LANGUAGES), "number of languages of ours")
    for name, number in json.loads((RECORDED / "ids.json").read_text()).items():
        check_equal(ids.get(name), number, name)
    names = {t.name[:-len(".in")] for t in suite.templates.glob("*.in")}
    variants = (suite.templates.parent / "variants.cfg").read_text()
    names |= {line.split(":")[0].strip() for line in variants.splitlines() if line and not line.startswith("#")}
    check(set(TOOLS) <= set(ids) <= names, "a processor without a number, or a number without a processor")
    shared = [n for n in ids if list(ids.values()).count(ids[n]) > 1]
    check_equal(sorted(shared), ["g77", "gfortran"], "shared numbers")


def man_page(suite):
    """The languages of ejudge stand in the man page with their numbers."""
    text = (suite.templates.parent.parent / "man/ejudge-configure-compilers.1").read_text().replace("\\-", "-")
    listed = {n: int(i) for n, i in re.findall(r"([a-z][a-z0-9+-]*)\s\(([0-9]+)\)", text)}
    for name, number in json.loads((RECORDED / "ids.json").read_text()).items():
        check_equal(listed.get(name), number, f"{name} in the man page")


def run(suite):
    if which("shellcheck"):
        for part in range(SHELLCHECK_PARTS):
            suite.test(f"static.shellcheck.{part}", shellcheck, suite, part)
    else:
        suite.report_missing("shellcheck")
    for shell in filter(which, SHELLS):
        suite.test(f"static.syntax.{shell}", syntax, suite, shell)
    suite.test("static.tokens", tokens, suite)
    suite.test("static.no_gawk", no_gawk, suite)
    suite.test("static.every_language", every_language, suite)
    suite.test("static.language_ids", language_ids, suite)
    suite.test("static.man_page", man_page, suite)
