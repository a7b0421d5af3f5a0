# SPDX-License-Identifier: Apache-2.0
"""The files that the style rules look at, and the shape of a rule."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional

# What is only read by programs under test: other people's mistakes are the point of it.
DATA = re.compile(r"(^|/)(samples|corpus|attacks|data|vectors|fixtures|inputs)/")
NOT_OURS = {".git", "_build", "_run", "build", "build-aux", "autom4te.cache", "__pycache__"}


@dataclass(frozen=True)
class Rule:
    """A rule, with a small tree that breaks it: `bad` maps paths to texts, and a finding in it must hold `expect`."""

    name: str
    check: Callable[["Tree"], Iterable[str]]
    bad: Dict[str, str]
    expect: str


class Tree:
    """A source tree, and the build directory that belongs to it, if there is one."""

    def __init__(self, root: Path, build: Optional[Path]):
        self.root = root
        self.build = build
        self._paths = sorted(self._list())
        self._texts: Dict[str, str] = {}

    def _list(self) -> List[str]:
        if (self.root / ".git").exists():
            listed = subprocess.run(["git", "-C", self.root, "ls-files", "-co", "--exclude-standard", "-z"],
                                    check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout.decode()
            return [path for path in listed.split("\0") if path and (self.root / path).is_file()]
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in NOT_OURS]
            found += [str(Path(folder, name).relative_to(self.root)) for name in names]
        return found

    def paths(self, *suffixes: str, under: str = "") -> List[str]:
        """Paths that are no test data, below `under`, with one of the suffixes (all, if none is named)."""
        return [path for path in self._paths
                if path.startswith(under) and not DATA.search(path) and (not suffixes or path.endswith(suffixes))]

    def cpp(self, under: str = "") -> List[str]:
        return self.paths(".cc", ".h", under=under)

    def scripts(self, interpreter: str) -> List[str]:
        """Files whose first line names the interpreter."""
        first = re.compile(r"#!.*\b" + interpreter)
        return [path for path in self.paths() if first.match(self.text(path))]

    def text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def has(self, path: str) -> bool:
        return path in self._paths

    def programs(self) -> List[Path]:
        """The programs that `make install` puts somewhere."""
        if self.build is None:
            raise RuntimeError("needs a build directory (set BUILD)")
        said = subprocess.run(["make", "-s", "--no-print-directory", "-C", self.build, "list-programs"],
                              check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout.decode()
        names = re.findall(r"^installed (\S+)$", said, re.M)
        if not names:
            raise RuntimeError("nothing is installed from the build directory")
        return [self.build / name for name in names]


def lines_with(text: str, pattern: "re.Pattern[str]") -> Iterable[int]:
    """Numbers of the lines on which a match begins."""
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1


LITERALS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])*\'', re.S)


def without_literals(text: str) -> str:
    """C++ with comments and literals blanked out; every line keeps its number. Includes keep their names."""
    kept = [match.span() for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*"[^"\n]*"', text, re.M)]

    def blank(match: "re.Match[str]") -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return LITERALS.sub(blank, text)
