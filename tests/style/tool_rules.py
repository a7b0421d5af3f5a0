# SPDX-License-Identifier: Apache-2.0
"""Rules that other programs check: clang-format, cppcheck, shellcheck, and the Python compiler."""

import os
import subprocess
from pathlib import Path
from typing import Iterable, List

from tree import Rule, Tree

HERE = Path(__file__).resolve().parent


def lines_of(tree: Tree, command: List[str]) -> List[str]:
    """What a checker complains about; a checker that fails without a word has a complaint too."""
    done = subprocess.run(command, cwd=tree.root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    said = done.stdout.decode(errors="replace").splitlines()
    if done.returncode != 0 and not said:
        return [f"{command[0]} failed with status {done.returncode}"]
    return said if done.returncode != 0 else []


def clang_format(tree: Tree) -> Iterable[str]:
    files = tree.cpp()
    if files:
        yield from (line for line in lines_of(tree, ["clang-format", "--dry-run", "-Werror", *files]) if ": error:" in line)


def cppcheck(tree: Tree) -> Iterable[str]:
    if tree.build is None:
        raise RuntimeError("needs a build directory (set BUILD)")
    known = tree.build / "cppcheck"  # what it has found out about files that do not change
    known.mkdir(exist_ok=True)
    yield from lines_of(tree, ["cppcheck", "-q", "-j", os.environ.get("JOBS", "2"), f"--cppcheck-build-dir={known.resolve()}",
                               "--std=c++20", "--language=c++", "--enable=warning,performance,portability,style", "-I", "src",
                               f"--suppressions-list={HERE}/cppcheck-suppressions", "--error-exitcode=1",
                               "--template={file}:{line}: {id}: {message}", "src"])


def shellcheck(tree: Tree) -> Iterable[str]:
    files = sorted(set(tree.scripts("(?:ba)?sh")) | set(tree.paths(".sh")))
    files = [path for path in files if not path.endswith(".in")]
    if files:
        yield from lines_of(tree, ["shellcheck", "-x", "-f", "gcc", *files])


def python_syntax(tree: Tree) -> Iterable[str]:
    for path in sorted(set(tree.paths(".py")) | set(tree.scripts("python3"))):
        try:
            compile(tree.text(path), path, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield f"{path}:{error.lineno}: {error.msg}"


RULES = [
    Rule("clang-format", clang_format, {".clang-format": "BasedOnStyle: Google\n", "src/base/a.cc": "int  x ;\n"}, "a.cc:1"),
    Rule("cppcheck", cppcheck, {"src/base/a.cc": "int f() {\n  int a[2] = {};\n  return a[2];\n}\n"}, "a.cc:3: arrayIndexOutOfBounds"),
    Rule("cppcheck-style", cppcheck, {"src/base/a.cc": "int f() {\n  int m = 3;\n  return 4;\n}\n"},
         "a.cc:2: unreadVariable"),
    Rule("shellcheck", shellcheck, {"scripts/a": "#!/bin/sh\nrm -rf $1/\n"}, "SC2086"),
    Rule("python-syntax", python_syntax, {"a.py": "def f(:\n"}, "a.py:1"),
]
