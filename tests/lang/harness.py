# SPDX-License-Identifier: Apache-2.0
"""What the tests of the language processors share: expansion of the templates,
running them, checks and the report."""

import os
import pathlib
import shutil
import stat
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
}


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
        self.work = pathlib.Path(work)
        self.scripts = self.work / "scripts"
        self.config = self.work / "lang.d"
        self.home = self.work / "home"
        self.passed = self.failed = self.missing = 0
        self._serial = 0
        for directory in (self.scripts, self.config, self.home):
            directory.mkdir(parents=True)
        self._expand()

    def _expand(self):
        tokens = {
            "lang_config_dir": str(self.config), "prefix": "/usr", "exec_prefix": "/usr",
            "libexecdir": "/usr/libexec", "local_dir": "", "contests_home_dir": "/nonexistent",
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
        return all(which(t) for t in TOOLS[language]) and self._has_32_bit(language)

    def _has_32_bit(self, language):
        if not language.endswith("-32"):
            return True
        suffix = ".c" if language == "gcc-32" else ".cpp"
        cwd = self.directory()
        (cwd / f"t{suffix}").write_text("int main() { return 0; }\n")
        return self.run([TOOLS[language][0], "-m32", f"t{suffix}"], cwd).returncode == 0

    def report_missing(self, name):
        self.missing += 1
        print(f"MISSING {name}", flush=True)

    def test(self, name, function, *args):
        try:
            function(*args)
        except AssertionError as error:
            self._fail(name, str(error))
        except Exception as error:  # a broken test must not hide the others
            traceback.print_exc(file=sys.stderr)
            self._fail(name, f"{type(error).__name__}: {error}")
        else:
            self.passed += 1
            print(f"ok {name}", flush=True)

    def _fail(self, name, why):
        self.failed += 1
        print(f"FAIL {name}: {' '.join(why.split())[:600]}", flush=True)

    def finish(self):
        """Prints the summary; whether all is well."""
        print(f"{self.passed} ok, {self.failed} failed, {self.missing} missing")
        return self.failed == 0 and not (self.missing and os.environ.get("CI"))
