# SPDX-License-Identifier: Apache-2.0
"""Variants (variants.cfg): scripts that name what is different and go on as those of another language. And the check
of the syntax of scripts, which is off unless EJUDGE_SYNTAX_CHECK=1."""

import os
import pathlib
import re
import shutil

from command_tests import FLAGS, Bench
from harness import SHELLS, TOOLS, check, check_equal, which
from version_tests import parse

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "lang" / "samples"
CHECKED = {"python3": "SyntaxError", "pypy3": "SyntaxError", "perl": "syntax error", "ruby": "syntax error",
           "php": "Parse error", "node": "SyntaxError", "bash": "syntax error"}
CONCEPT = "template <typename T> concept Any = true;\nint main() { return Any<int> ? 0 : 1; }\n"


def add_variant(suite, name, base, long_name="", tool="", options="", flags=""):
    """The scripts as ejudge-configure-compilers writes them."""
    for suffix in ("", "-version"):
        script = suite.scripts / (name + suffix)
        script.write_text(f"#!/bin/sh\nejf_variant='{name}'\nejf_variant_name='{long_name}'\n"
                          f"ejf_variant_tool='{tool}'\nejf_variant_options='{options}'\nejf_variant_flags='{flags}'\n"
                          f'. "${{0%/*}}/{base}{suffix}"\n')
        script.chmod(0o775)


def probe(suite, shell, language, *args):
    cwd = suite.directory()
    result = suite.script(shell, f"{language}-version", "-v", "-r", *args, cwd=cwd)
    check_equal(os.listdir(cwd), [], "left in the directory")
    return result


def command_line(suite, shell):
    """A variant's options stay whatever flags the contest has; its compiler is what its settings say."""
    add_variant(suite, "g++-t", "g++", options="-std=c++20 -O3")
    for env, wanted in (({}, "-O2 src.cpp -std=c++20 -O3 -o out -lm"),
                        (FLAGS, "-f 1 src.cpp -std=c++20 -O3 -g 2 -o out -lm -l3")):
        bench = Bench(suite, shell, "g++")
        bench.language = "g++-t"
        check_equal(bench.run(**env).returncode, 0, "status")
        check_equal(" ".join(bench.argv()), wanted, "command line")
    build = bench.executable("build", '#!/bin/sh\necho "$EJUDGE_LANGUAGE $EJUDGE_COMPILER $EJUDGE_FLAGS_2"\n')
    check_equal(bench.run(EJUDGE_BUILD_SCRIPT=str(build)).stdout.split(),
                ["g++-t", str(bench.tool), "-std=c++20", "-O3"], "hand-over")


def environment_files(suite, shell):
    """The base's settings count, too, but not its compiler where the variant has one."""
    add_variant(suite, "gcc-own", "gcc", tool="none-such")
    add_variant(suite, "gcc-same", "gcc", options="-O1")
    cwd = suite.directory()
    (cwd / "src.c").write_text("")
    build = cwd / "build"
    build.write_text('#!/bin/sh\necho "$EJUDGE_COMPILER $MARK"\n')
    build.chmod(0o755)
    environment = suite.config / "gcc.env"
    environment.write_text("GCCRUN=/from/base\nMARK=set; export MARK\n")
    try:
        for name, wanted in (("gcc-own", "none-such set\n"), ("gcc-same", "/from/base set\n")):
            result = suite.script(shell, name, "src.c", "out", cwd=cwd, env={"EJUDGE_BUILD_SCRIPT": str(build)})
            check_equal(result.stdout, wanted, name)
        check_equal(probe(suite, shell, "gcc-own").stdout.split("\n")[0], "version=", "another compiler than its own")
    finally:
        environment.unlink()


def described(suite, shell):
    add_variant(suite, "g++-a", "g++", long_name="GNU C++20", options="-std=c++20", flags="default_disabled")
    add_variant(suite, "g++-b", "g++", options="-std=c++20")
    add_variant(suite, "g++-c", "g++", tool=which("g++"))
    add_variant(suite, "g++-d", "g++", options="-std=c++nonsense")
    base = parse(probe(suite, shell, "g++").stdout)
    for name, long_name in (("g++-a", "GNU C++20"), ("g++-b", "GNU C++ (g++-b)"), ("g++-c", "GNU C++")):
        got = parse(probe(suite, shell, name).stdout)
        check_equal((got["long_name"], got["version"], got["src_sfx"]), (long_name, base["version"], ".cpp"), name)
        check_equal("default_disabled" in got, name == "g++-a", "default_disabled")
        check_equal(got["GPPRUN"], which("g++") if name == "g++-c" else "g++", "compiler")
        (suite.config / f"{name}.cfg").write_text("".join(f'{k}="{v}"\n' for k, v in got.items()))
        for mode, text in (("-f", f"{long_name} {got['version']}\n"), ("-p", got["GPPRUN"] + "\n")):
            check_equal(suite.script(shell, f"{name}-version", mode, cwd=suite.work).stdout, text, f"{name} {mode}")
    result = probe(suite, shell, "g++-d")
    check_equal(result.returncode, 1, "options that the compiler does not know")
    check("nonsense" in result.stderr, f"no reason: {result.stderr}")


def language_standard(suite, shell):
    add_variant(suite, "g++-17", "g++", options="-std=c++17")
    add_variant(suite, "g++-20", "g++", options="-std=c++20")
    for name, status in (("g++-17", False), ("g++-20", True)):
        (suite.config / f"{name}.cfg").write_text(probe(suite, shell, name).stdout)
        cwd = suite.directory()
        (cwd / "f1.cpp").write_text(CONCEPT)
        result = suite.script(shell, name, "f1.cpp", "f2", cwd=cwd)
        check_equal(result.returncode == 0, status, f"{name}: {result.stderr}")


def interpreter(suite, shell):
    """python3 by another name."""
    with suite.public_directory() as public:
        os.symlink(which("python3"), f"{public}/python3.99")
        add_variant(suite, "python3-99", "python3", tool=f"{public}/python3.99")
        settings = probe(suite, shell, "python3-99").stdout
        (suite.config / "python3-99.cfg").write_text(settings)
        cwd = suite.directory()
        (cwd / "f1.py").write_text("print(7)\n")
        check_equal(suite.script(shell, "python3-99", "f1.py", "f2", cwd=cwd).returncode, 0, "status")
        check((cwd / "f2").read_text().startswith(f"#! {public}/python3.99\n"), "another interpreter")
        check_equal(suite.run([cwd / "f2"], cwd).stdout, "7\n", "output")


def shipped(suite):
    """Each line of variants.cfg has a base that is ours, and a number that stays."""
    ids = dict(re.findall(r"(?m)^(\S+)=(\d+)$", (suite.templates.parent / "lang_ids.cfg").read_text()))
    names = set()
    for line in (suite.templates.parent / "variants.cfg").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split(":", 4)]
        check(len(fields) == 5 and re.fullmatch(r"[a-z][a-z0-9+-]*", fields[0]), f"bad line {line!r}")
        check((suite.templates / f"{fields[1]}-version.in").exists(), f"no base {fields[1]}")
        check(400 <= int(ids.get(fields[0], 0)) < 500, f"{fields[0]} has no number from 400 on")
        check(fields[3] or fields[4], f"{fields[0]} is its base")
        names.add(fields[0])
    check_equal({name for name, number in ids.items() if 400 <= int(number) < 500}, names, "numbers without a line")
    check({"g++-std17", "g++-std20", "g++-std23", "clang-16", "python3-11"} <= names, "one is missing")


def syntax_check(suite, shell, language):
    variable = {"python3": "PYTHONPATH", "pypy3": "PYTHONPATH"}.get(language, f"{language.upper()}PATH")
    config = suite.directory() / "lang.cfg"
    config.write_text(f'version="1"\n{variable}="{which(TOOLS[language][0])}"\n')
    for kind in ("correct", "wrong"):
        cwd = suite.directory()
        sample = next((SAMPLES / language.replace("pypy3", "python3")).glob(f"{kind}.*"))
        shutil.copy(sample, cwd)
        env = {"EJUDGE_LANG_CONFIG": str(config)}
        result = suite.script(shell, language, sample.name, "out", cwd=cwd, env=env)
        check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), f"{kind} unchecked")
        plain = (cwd / "out").read_text()
        (cwd / "out").unlink()
        env["EJUDGE_SYNTAX_CHECK"] = "1"
        result = suite.script(shell, language, sample.name, "out", cwd=cwd, env=env)
        if kind == "correct":
            check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "right, checked")
            check_equal((cwd / "out").read_text(), plain, "script")
            check_equal(sorted(os.listdir(cwd)), sorted([sample.name, "out"]), "left behind")
        else:
            check_equal((result.returncode, result.stdout), (1, ""), "wrong, checked")
            check(CHECKED[language] in result.stderr and sample.name in result.stderr, f"log: {result.stderr}")
            check_equal(os.listdir(cwd), [sample.name], "left behind")


def run(suite):
    suite.test("variant.shipped", shipped, suite)
    for shell in filter(which, SHELLS):
        for test in (command_line, environment_files, described, language_standard, interpreter):
            suite.test(f"variant.{test.__name__}.{shell}", test, suite, shell)
        for language in CHECKED:
            if suite.installed(language):
                suite.test(f"variant.syntax_check.{language}.{shell}", syntax_check, suite, shell, language)
            else:
                suite.report_missing(language)
