# SPDX-License-Identifier: Apache-2.0
"""What the tests of the language processors share: expansion of the templates,
running them, checks and the report."""

import concurrent.futures
import errno
import functools
import multiprocessing
import os
import pathlib
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import traceback

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELLS = ("dash", "bash")
RECORDED = pathlib.Path(__file__).resolve().parent / "recorded"

# Language, and the programs without which it cannot be tried.
TOOLS = {
    "gcc": ["gcc"], "gcc-32": ["gcc"], "g++": ["g++"], "g++-32": ["g++"],
    "clang": ["clang"], "clang++": ["clang++"], "fpc": ["fpc"],
    "gfortran": ["gfortran"], "javac": ["javac", "java", "jar"],
    "python3": ["python3"], "pypy3": ["pypy3"], "perl": ["perl"],
    "ruby": ["ruby"], "php": ["php"], "node": ["node"], "bash": ["bash"],
    "rust": ["rustc"], "gccgo": ["go"], "ghc": ["ghc"], "mcs": ["mcs", "mono"],
    "custom": [],
    "gcc-vg": ["gcc", "valgrind"], "g++-vg": ["g++", "valgrind"], "clang-32": ["clang"],
    "clang++-32": ["clang++"], "gas": ["gcc"], "gas-32": ["gcc"], "nasm-x86": ["nasm", "gcc"],
    "make": ["make"], "make-vg": ["make"], "postgres": ["psql"],
    "yabasic": ["yabasic"], "gprolog": ["gplc"], "mzscheme": ["mzscheme"],
    "scala": ["scalac", "scala"], "kotlin": ["kotlinc", "kotlin"], "tsnode": ["ts-node"],
    "gpc": ["gpc"], "gcj": ["gcj"], "g77": ["g77"], "fpc-32": ["fpc"], "dcc": ["dcc"],
    "tpc": ["bpcemu2"], "bcc": ["bccemu"], "bpp": ["bppemu"], "qb": ["qbemu"],
    "fbc": ["fbc"], "fbc-32": ["fbc"], "python": ["python2"], "pypy": ["pypy"],
    "javac7": ["javac", "java", "jar"], "vbnc": ["vbnc", "mono"], "pasabc-linux": ["pabcnetc.exe", "mono"],
    "dotnet-cs": ["dotnet"], "dotnet-vb": ["dotnet"], "kumir": ["ckumir"], "kumir2": ["kumir2-bc"],
    "mars": ["mars-simulator"], "rars": ["rars-simulator"], "swift": ["swiftc"], "zig": ["zig"],
}

# What Debian lacks, or what is too big to be asked for: these are always tried with an
# imitation (fakes.py), and with the real thing where it is installed.
IMITATED = ("postgres", "yabasic", "gprolog", "mzscheme", "scala", "kotlin", "tsnode", "gpc", "gcj", "g77",
            "fpc-32", "dcc", "tpc", "bcc", "bpp", "qb", "fbc", "fbc-32", "python", "pypy", "javac7", "vbnc",
            "pasabc-linux", "dotnet-cs", "dotnet-vb", "kumir", "kumir2", "mars", "rars", "swift", "zig")
# Languages whose compiler may be there in another word size or version, or without what
# it needs (the types of node).
NEVER_REAL = ("fpc-32", "javac7", "tsnode")


# What they make runs only where the kernel takes 32-bit programs, as nearly all do.
NARROW = ("gcc-32", "g++-32", "clang-32", "clang++-32", "gas-32", "nasm-x86", "fpc-32")


def narrow_program():
    """A program of 32 bits, all of it: write(1, "OK\\n", 3), exit(0)."""
    base, start = 0x08048000, 52 + 32
    code = struct.pack("<BIBIBIBI", 0xb8, 4, 0xbb, 1, 0xb9, base + start + 33, 0xba, 3) + b"\xcd\x80"
    code += struct.pack("<BI", 0xb8, 1) + b"\x31\xdb\xcd\x80" + b"\x90\x90" + b"OK\n"
    size = start + len(code)
    header = struct.pack("<4s12B2H5I6H", b"\x7fELF", 1, 1, 1, *[0] * 9, 2, 3, 1, base + start, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    return header + struct.pack("<8I", 1, 0, base, base, size, size, 5, 0x1000) + code


@functools.lru_cache(maxsize=None)
def runs_32_bit():
    """Whether the kernel takes 32-bit programs."""
    with tempfile.TemporaryDirectory() as directory:
        program = pathlib.Path(directory) / "program"
        program.write_bytes(narrow_program())
        program.chmod(0o755)
        try:
            return subprocess.run([program], stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout == b"OK\n"
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            return False


def runs_here(language):
    """Whether the kernel takes what the language's compiler makes."""
    return language not in NARROW or runs_32_bit()


# A start of their compilers takes seconds; with the real ones, one shell will do.
SLOW = ("scala", "kotlin")


def shells_for(language):
    shells = [shell for shell in SHELLS if which(shell)]
    return shells[:1] if language in SLOW else shells


def check(condition, why):
    if not condition:
        raise AssertionError(why)


def check_equal(got, wanted, what):
    check(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def which(program):
    return shutil.which(program, path=SYSTEM_PATH)


def is_reachable(path):
    """Whether other users get there."""
    path = pathlib.Path(path).resolve()
    return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents))


class Suite:
    """The expanded templates, a directory for each test, and the counts."""

    def __init__(self, templates, work):
        self.templates = pathlib.Path(templates).resolve()
        self.passed = self.failed = self.missing = 0
        self._queue = {}
        self._enter(pathlib.Path(work) / "w0")

    def _enter(self, work):
        """Makes `work` the place of all that follows: each process has one of its own."""
        self.work = work
        self.scripts = work / "scripts"
        self.config = work / "lang.d"
        self.home = work / "home"
        self.libexec = work / "libexec"
        self.prefix = work / "prefix"
        self.contests = work / "contests"
        self._serial = 0
        self._settings = {}
        for directory in (self.scripts, self.config, self.home, self.libexec, self.prefix, self.contests):
            directory.mkdir(parents=True)
        self._expand()

    def _expand(self):
        tokens = {
            "lang_config_dir": str(self.config), "prefix": str(self.prefix), "exec_prefix": str(self.prefix),
            "libexecdir": str(self.libexec), "local_dir": "", "contests_home_dir": str(self.contests),
        }
        for template in sorted(self.templates.glob("*.in")):
            text = template.read_text()
            for name, value in tokens.items():
                text = text.replace(f"@{name}@", value)
            script = self.scripts / template.name[:-len(".in")]
            script.write_text(text)
            script.chmod(0o775)

    def directory(self):
        self._serial += 1
        path = self.work / f"t{self._serial}"
        path.mkdir()
        return path

    def public_directory(self):
        """A directory that other users reach, wherever the tests run."""
        parent = self.work if is_reachable(self.work) else None
        path = tempfile.TemporaryDirectory(dir=parent, prefix="lang-")
        os.chmod(path.name, 0o755)
        return path

    def run(self, command, cwd, env=None, limit=None):
        """Runs a command with a small environment of its own."""
        full = {"PATH": SYSTEM_PATH, "HOME": str(self.home), "TMPDIR": str(cwd), "LANG": "C.UTF-8"}
        full.update(env or {})
        full = {k: v for k, v in full.items() if v is not None}
        return subprocess.run([str(c) for c in command], cwd=cwd, env=full, text=True,
                              encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, preexec_fn=limit, check=False)

    def script(self, shell, name, *args, cwd, env=None, limit=None):
        return self.run([shell, self.scripts / name, *args], cwd, env, limit)

    def installed(self, language):
        return (language not in NEVER_REAL and all(which(t) for t in TOOLS[language])
                and self._has_32_bit(language))

    def _has_32_bit(self, language):
        if not language.endswith("-32") and language != "nasm-x86" or language in IMITATED:
            return True
        suffix = ".cpp" if "++" in language else ".c"
        cwd = self.directory()
        (cwd / f"t{suffix}").write_text("int main() { return 0; }\n")
        return self.run([TOOLS[language][-1], "-m32", f"t{suffix}"], cwd).returncode == 0

    def wants(self, language):
        """Whether to try the language with its real tools; says so if they are not there. Where the kernel does not run
        what they make, they must be refused for that: version_tests see to it."""
        if self.installed(language):
            return runs_here(language)
        if language not in IMITATED:
            self.report_missing(language)
        return False

    def settings_of(self, language):
        """What the version script finds, asked once."""
        if language not in self._settings:
            result = self.script(SHELLS[0], f"{language}-version", "-r", cwd=self.directory())
            check_equal(result.returncode, 0, "no settings")
            self._settings[language] = result.stdout
        return self._settings[language]

    def report_missing(self, name):
        self.missing += 1
        print(f"MISSING {name}", flush=True)

    def test(self, name, function, *args):
        """Notes a test for finish(). Those of one language stay together."""
        group = name.split(".")[0]
        # The shell comes first, and one is a language, too.
        subject = next((a for a in reversed(args) if isinstance(a, str) and a in TOOLS), name)
        self._queue.setdefault((group, subject), []).append((name, function, args))

    def perform(self, key):
        """Runs the tests of a key; returns a pair of name and complaint (None: none) for each."""
        results = []
        for name, function, args in self._queue[key]:
            why = None
            try:
                function(*args)
            except AssertionError as error:
                why = str(error)
            except Exception as error:  # a broken test must not hide the others
                traceback.print_exc(file=sys.stderr)
                why = f"{type(error).__name__}: {error}"
            results.append((name, why))
        return results

    def finish(self):
        """Runs what was noted and prints the summary; whether all is well."""
        with concurrent.futures.ProcessPoolExecutor(
                int(os.environ.get("JOBS") or os.cpu_count()), multiprocessing.get_context("fork"), start_worker, (self,)) as pool:
            for results in pool.map(perform, self._queue):
                for name, why in results:
                    self.report(name, why)
        print(f"{self.passed} ok, {self.failed} failed, {self.missing} missing")
        return self.failed == 0 and not (self.missing and os.environ.get("CI"))

    def report(self, name, why):
        """One result; `why` is the complaint, None if there is none."""
        if why is None:
            self.passed += 1
            print(f"ok {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}: {' '.join(why.split())[:600]}", flush=True)

    def become_worker(self):
        self._enter(self.work.parent / f"w{os.getpid()}")


# The processes that run the tests are copies of the one that has noted them, with the
# same suite; but each gets its own directory.
WORKER = []


def start_worker(suite):
    suite.become_worker()
    WORKER.append(suite)


def perform(key):
    return WORKER[0].perform(key)
