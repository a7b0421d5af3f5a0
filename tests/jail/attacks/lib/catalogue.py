# SPDX-License-Identifier: Apache-2.0
"""The attacks as manifest.json lists them, with their texts."""

import dataclasses
import io
import json
import pathlib
import re
import shutil
import zipfile

HERE = pathlib.Path(__file__).resolve().parents[1]
COMPILER_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PLACEHOLDER = re.compile(r"@([A-Z_]+)@")

# A harmless program for each kind of source, and how it is compiled where an attack's own command expects the attack.
HARMLESS = {
    ".c": ("int main(void) { return 0; }\n", "gcc -O2 $f -o $o"),
    ".cpp": ("int main() { return 0; }\n", "g++ -O2 $f -o $o"),
    ".rs": ("fn main() {}\n", "rustc $f -o $o"),
    ".pas": ("begin\nend.\n", "fpc $f -o$o"),
    ".d": ("void main() {}\n", "ldc2 $f -of=$o"),
    ".go": ("package main\n\nfunc main() {}\n", "go build -o $o $f"),
    ".nim": ("echo 1\n", "nim c -o:$o $f"),
    ".java": ("class Harmless {}\n", "javac -d . $f && cp Harmless.class $o"),
    ".pl": ("print 1;\n", "perl -c $f && cp $f $o"),
    ".hs": ("main = return ()\n", "ghc $f -o $o"),
    ".s": (".globl main\nmain: ret\n", "gcc $f -o $o"),
}


@dataclasses.dataclass(frozen=True)
class Attack:
    id: str
    file: str
    command: str
    expect: list
    attack: str
    invariant: str = ""
    log: str = ""  # what the log must hold: the proof that the attack took place
    checks: list = ()
    needs: list = ()  # programs
    absent: str = ""  # why Debian 12 may lack them, and scripts/deps does not install them for the check
    control: str = ""  # given: whether the compiler runs is asked with its ordinary command, not the attack's
    seconds: int = 0  # limit of real time; 0: the server's own
    tight: bool = False  # runs under small limits
    bomb: bool = False  # its neighbour is timed
    nightly_bomb: bool = False  # the same, in the full form only
    twice: bool = False  # its neighbour is the same attack
    ends: bool = True  # an attack in Python comes to its own end, if its verdict is OK, SAFE or CE
    plain: bool = False  # in Python, but not run: nothing comes before it
    cost: int = 0  # seconds, about
    flags: list = ()  # one run for each
    text: list = None  # [piece, how often]...: the file, when it is too dull to be kept
    generator: str = ""

    @property
    def name(self):
        return pathlib.Path(self.file).stem

    @property
    def is_probe(self):
        return self.file.endswith(".py") and not self.plain

    def missing(self):
        return [program for program in self.needs if shutil.which(program, path=COMPILER_PATH) is None]

    def source(self, values):
        if self.generator == "zip":
            return make_hostile_zip()
        if self.text is not None:
            return "".join(piece * count for piece, count in self.text).encode()
        text = (HERE / "inputs" / self.file).read_text()
        if self.is_probe:
            text = (HERE / "probe.py").read_text() + text
        return fill_in(text, values).encode()

    def harmless(self):
        """(source, command): the proof that the compiler is there and runs."""
        source, command = HARMLESS[pathlib.Path(self.file).suffix]
        return source.encode(), command if self.control else self.command


def fill_in(text, values):
    return PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), text)


def make_hostile_zip():
    """Names that lead out, a link, and much of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../../tmp/zipslip", "slip")
        archive.writestr("/abs/path", "abs")
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/shadow")
        archive.writestr("big", bytes(128 << 20))
    return buffer.getvalue()


def all_attacks():
    return [Attack(**entry) for entry in json.loads((HERE / "manifest.json").read_text())]
