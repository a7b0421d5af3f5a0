# SPDX-License-Identifier: Apache-2.0
"""The languages that ejudge does not have: each with a fake toolchain that writes down how it is started, and with the
real one where it is installed."""

import fnmatch
import os
import pathlib
import re
import shlex
import shutil
import subprocess

from harness import SHELLS, SYSTEM_PATH, check, check_equal, which
from more_languages import ALWAYS_REAL, COMPILED, FLAGS, HELPERS, INTERPRETED, LANGUAGES, ONE_WORD
from samples import SAMPLES, runner_of
from version_tests import UTILITIES, UNSUPPORTED, is_private, parse

# Any program: writes down its arguments, and makes what they name as the output. As a script's interpreter, or when
# what it has made is run, it says OK.
FAKE = r"""#!/bin/sh
{ printf '%s' "${0##*/}"; [ $# = 0 ] || printf ' %s' "$@"; echo; } >>"$FAKE_CALLS"
[ "${0##*/} $*" != "$FAKE_ASK" ] || { printf '%s' "$FAKE_SAYS"; exit 0; }
case "${0##*/} $*" in
'erl -noshell'*) printf 25; exit ;;
'poly -v') printf '%s' "$FAKE_SAYS"; exit ;;
'clojure -e '*class.path*) echo "$FAKE_JAR"; exit ;;
'nekotools boot '*) set -- -o "${2%.n}" ;;
'gnatchop '*) echo '   unit.adb'; exit ;;
esac
before='' output=''
for argument; do
	case $before in
	-o | --neko | -f) output=$argument ;;
	--outDir) mkdir -p "$argument"; output=$argument/src.js ;;
	esac
	case $argument in
	-of=* | -o:*) output=${argument#*[=:]} ;;
	esac
	before=$argument
done
[ -z "$output" ] || { printf '#!/bin/sh\necho OK\n' >"$output"; chmod +x "$output"; }
[ -n "$FAKE_QUIET" ] || echo OK
"""


class Bench:
    """A directory with a source, and a directory of fakes that other users reach."""

    def __init__(self, suite, shell, language):
        # By its path: one of the fakes is called dash.
        self.suite, self.shell, self.language = suite, which(shell), language
        self.data = LANGUAGES[language]
        self.cwd = suite.directory()
        self.source = "src" + self.data.suffix
        (self.cwd / self.source).write_text("the source\n")
        self.public = suite.public_directory()
        # As distributions of compilers lie: groovyc looks for its library beside its directory of programs.
        self.bin = pathlib.Path(self.public.name) / "bin"
        self.bin.mkdir()
        for name in ("lib/groovy-2.4.21.jar", "conf/groovy-starter.conf"):
            (self.bin.parent / name).parent.mkdir()
            (self.bin.parent / name).write_text("")
        for name in [self.data.tool, *HELPERS.get(language, [])]:
            self.add(name)
        (self.bin / "clojure.jar").write_text("")
        self.settings = self.cwd / "lang.cfg"
        self.calls = self.cwd / "calls"

    def add(self, name):
        (self.bin / name).write_text(FAKE)
        (self.bin / name).chmod(0o755)

    def environment(self, **changes):
        ask = f"{self.data.tool} {self.data.ask}"
        env = {"PATH": f"{self.bin}:{SYSTEM_PATH}", "FAKE_CALLS": str(self.calls), "FAKE_ASK": ask,
               "FAKE_SAYS": self.data.says, "FAKE_QUIET": "", "FAKE_JAR": str(self.bin / "clojure.jar"),
               "EJUDGE_LANG_CONFIG": str(self.settings)}
        env.update(changes)
        return env

    def build(self, **env):
        self.settings.write_text(f'version="1"\n{self.data.variable}="{self.bin / self.data.tool}"\n')
        return self.suite.script(self.shell, self.language, self.source, "out", cwd=self.cwd,
                                 env=self.environment(FAKE_QUIET="1", **env))

    def probe(self, *args, **env):
        cwd = self.suite.directory()
        result = self.suite.script(self.shell, f"{self.language}-version", "-v", "-r", *args, cwd=cwd,
                                   env=self.environment(**env))
        check_equal(os.listdir(cwd), [], "left in the directory")
        return result

    def close(self):
        self.public.cleanup()


def with_bench(function):
    """A test that gets a bench of its own."""
    def run_it(suite, shell, language):
        bench = Bench(suite, shell, language)
        try:
            function(bench)
        finally:
            bench.close()
    run_it.__name__ = function.__name__
    return run_it


def expand(bench, pattern):
    words = {"S": bench.source, "D": "out", "-of=D": "-of=out", "-o:D": "-o:out"}
    return " ".join(words.get(word, word) for word in pattern.split())


@with_bench
def commands(bench):
    """The exact command lines, by default and with flags of the contest."""
    for wanted, env in ((bench.data.calls, {}), (bench.data.flagged, FLAGS)):
        (bench.cwd / bench.source).write_text("the source\n")
        bench.calls.write_text("")
        (bench.cwd / "out").unlink(missing_ok=True)
        result = bench.build(**env)
        check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "result")
        check((bench.cwd / "out").exists(), "no output")
        calls = [re.sub(r"/[^ :]*/ejf-\w{6}\b", "T", line) for line in bench.calls.read_text().splitlines()]
        patterns = [expand(bench, pattern) for pattern in wanted]
        check(len(calls) == len(patterns) and all(map(fnmatch.fnmatchcase, calls, patterns)),
              f"got {calls}, wanted {patterns}")
        check(not [n for n in os.listdir(bench.cwd) if n.startswith("ejf-")], "the compiler's own files stay")


@with_bench
def compiler_fails(bench):
    for program in bench.bin.iterdir():
        program.write_text("#!/bin/sh\necho wrong; exit 7\n")
    result = bench.build()
    check(result.returncode != 0, "exit status 0")
    check_equal((result.stdout + result.stderr).strip(), "wrong", "log")


@with_bench
def script(bench):
    """What becomes of a source; with a check of the syntax the same, or nothing."""
    text = f"{bench.bin / bench.data.tool}"
    flags = ONE_WORD if bench.data.flagged.startswith("#! TOOL -xf") else FLAGS
    for wanted, env in ((bench.data.before, {}), (bench.data.flagged, flags)):
        result = bench.build(**env)
        check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "result")
        check(not bench.calls.exists(), "the interpreter was started")
        check_equal((bench.cwd / "out").read_text(),
                    wanted.replace("TOOL", text) + "the source\n" + bench.data.after, "script")
        check_equal((bench.cwd / "out").stat().st_mode & 0o777, 0o755, "mode")
    result = bench.build(EJUDGE_SYNTAX_CHECK="1")
    check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "checked")
    check_equal(bench.calls.exists(), bench.data.complaint is not None, "was checked")
    (bench.bin / bench.data.tool).write_text("#!/bin/sh\necho wrong; exit 7\n")
    result = bench.build(EJUDGE_SYNTAX_CHECK="1")
    check_equal(result.returncode, 1 if bench.data.complaint else 0, "refused by the interpreter")
    check_equal(result.stderr, "wrong\n" if bench.data.complaint else "", "log")


@with_bench
def settings(bench):
    """Refused as long as nothing was found; a problem's own script takes over."""
    bench.build()
    for text in ("version=\n", f"version=\n{bench.data.variable}=false\n",
                 f'version="1"\n{bench.data.variable}=/bin/false\n'):
        bench.settings.write_text(text)
        result = bench.suite.script(bench.shell, bench.language, bench.source, "out", cwd=bench.cwd,
                                    env=bench.environment())
        check_equal((result.returncode, result.stdout, result.stderr), (1, "", UNSUPPORTED), repr(text))
    build = bench.cwd / "build"
    build.write_text('#!/bin/sh\necho "$EJUDGE_LANGUAGE $EJUDGE_COMPILER $*"\n')
    build.chmod(0o755)
    check_equal(bench.build(EJUDGE_BUILD_SCRIPT="./build").stdout,
                f"{bench.language} {bench.bin / bench.data.tool} {bench.source} out\n", "hand-over")
    result = bench.suite.script(bench.shell, bench.language, "one", cwd=bench.cwd)
    check(result.returncode == 1 and "usage: " in result.stderr, "one argument is enough")


@with_bench
def available(bench):
    """The version script with a tool that says what the real one does, and its answers afterwards."""
    result = bench.probe()
    check_equal(result.returncode, 0, f"exit status ({result.stderr})")
    got = parse(result.stdout)
    version = bench.data.version or got["version"]
    check(version and got["version"] == version, f"version {got['version']!r}")
    check_equal((got["arg"], got["src_sfx"]), ("", bench.data.suffix), "settings")
    compiled = bench.language in COMPILED
    tool = bench.data.tool if compiled else str(bench.bin / bench.data.tool)
    check_equal(got[bench.data.variable], tool, "tool")
    check(version not in got["long_name"], "the version is no part of the name")
    check(result.stderr.startswith("checking whether ") and result.stderr.endswith(f"... yes, {tool}, {version}\n"),
          f"message {result.stderr!r}")
    bench.settings.write_text(result.stdout)
    about = f"{shlex.quote(str(bench.suite.scripts / bench.language))}-version"
    answers = {"": f"{version}\n", "-p": f"{tool}\n", "-f": f"{got['long_name']} {version}\n", "-l": None}
    for mode, text in answers.items():
        done = bench.suite.script(bench.shell, f"{bench.language}-version", *mode.split(), cwd=bench.cwd,
                                  env=bench.environment())
        check_equal((done.returncode, done.stderr), (0, ""), f"{about} {mode}")
        check(done.stdout == text if text else re.fullmatch(r".+ \[https?://.+\]\n", done.stdout), f"{mode}: {done.stdout!r}")


@with_bench
def unavailable(bench):
    path = bench.suite.directory()
    for utility in {*UTILITIES, "mkdir", "grep", "env"} - {bench.data.tool}:
        os.symlink(which(utility), path / utility)
    result = bench.suite.script(bench.shell, f"{bench.language}-version", "-v", "-r",
                                cwd=bench.suite.directory(), env={"PATH": str(path)})
    check_equal(result.returncode, 1, "exit status")
    check(result.stderr.endswith("... no\n"), f"message {result.stderr!r}")
    check(result.stdout.startswith('version=\narg=""\n'), "no empty version")
    values = parse(result.stdout)
    check_equal(values["src_sfx"], bench.data.suffix, "suffix")
    for key in filter(is_private, values):
        wanted = "false" if key.endswith("RUN") else "/bin/false" if key.endswith("PATH") else ""
        check_equal(values[key], wanted, key)
    check_equal(bench.probe("false").returncode, 1, "switched off")
    bench.settings.write_text(result.stdout)
    for mode in ("", "-p", "-f"):
        done = bench.suite.script(bench.shell, f"{bench.language}-version", *mode.split(), cwd=bench.cwd,
                                  env=bench.environment())
        check_equal((done.returncode, done.stdout, done.stderr), (1, "", UNSUPPORTED), mode)


@with_bench
def does_not_work(bench):
    """A tool that says its version and makes nothing is unavailable."""
    for program in bench.bin.glob("*[!r]"):
        program.write_text(FAKE.replace("before=''", "echo no licence; exit 3; before=''"))
    result = bench.probe()
    check_equal((result.returncode, result.stdout.splitlines()[0]), (1, "version="), "settings")
    check("no licence" in result.stderr, f"no reason: {result.stderr}")


# --- With the real ones ---------------------------------------------------------------------------


def is_installed(language):
    if language == "gobjc" and which("gcc"):
        # Any gcc, and the part of it that is a package of its own.
        part = subprocess.run(["gcc", "-print-prog-name=cc1obj"], text=True, capture_output=True, check=True).stdout
        return os.path.isabs(part.strip())
    return all(which(t) for t in [LANGUAGES[language].tool, *HELPERS.get(language, [])])


def real_build(suite, language, kind, **env):
    cwd = suite.directory()
    source = f"{kind}{LANGUAGES[language].suffix}"
    shutil.copy(SAMPLES / language / source, cwd)
    suffix = parse((suite.config / f"{language}.cfg").read_text()).get("exe_sfx", "")
    result = suite.script(SHELLS[0], language, source, f"f2{suffix}", cwd=cwd, env=env)
    return result, cwd / f"f2{suffix}"


def real(suite, language):
    """What lang/samples say: the right program adds 2 and 3, the wrong one is refused for what is wrong with it."""
    cwd = suite.directory()
    result = suite.script(SHELLS[0], f"{language}-version", "-v", "-r", cwd=cwd)
    check_equal(result.returncode, 0, f"not found: {result.stderr}")
    check(re.fullmatch(r"[\dR][\w.+~()-]*", parse(result.stdout)["version"]), "strange version")
    (suite.config / f"{language}.cfg").write_text(result.stdout)
    # What crystal does by default is for the judge's machine and takes a minute.
    env = {"EJUDGE_FLAGS": "--no-debug"} if language == "crystal" else {}
    result, program = real_build(suite, language, "correct", EJUDGE_SYNTAX_CHECK="1", **env)
    check_equal(result.returncode, 0, f"right program ({result.stdout}{result.stderr})")
    runner = runner_of(parse((suite.config / f"{language}.cfg").read_text()).get("arch", ""))
    starter = [str(suite.scripts / runner)] if runner else []
    done = subprocess.run([*starter, str(program)], input="2 3\n", cwd=program.parent, text=True, capture_output=True,
                          timeout=60, env={"PATH": SYSTEM_PATH, "HOME": str(suite.home), "LANG": "C.UTF-8"}, check=False)
    check_equal((done.returncode, done.stdout.split()), (0, ["5"]), f"run ({done.stderr})")
    complaint = LANGUAGES[language].complaint
    if complaint:
        result, program = real_build(suite, language, "wrong", EJUDGE_SYNTAX_CHECK="1", **env)
        check(result.returncode != 0, "the wrong program was taken")
        check(complaint.lower() in (result.stdout + result.stderr).lower(), f"log: {result.stdout}{result.stderr}")


def run(suite):
    every = [available, settings, unavailable]
    for shell in filter(which, SHELLS):
        for language in LANGUAGES:
            tests = [commands, compiler_fails, does_not_work] if language in COMPILED else [script]
            # The library is the same for all, and tried in full with both shells by the other groups.
            for test in [*every, *tests] if shell == "dash" else [available, tests[0]]:
                suite.test(f"more.{test.__name__}.{language}.{shell}", test, suite, shell, language)
    only_fake = []
    for language in LANGUAGES:
        if is_installed(language):
            suite.test(f"more.real.{language}", real, suite, language)
        elif language in ALWAYS_REAL or os.environ.get("EJF_LANGUAGES") == "all":
            suite.report_missing(language)
        else:
            only_fake.append(language)
    if only_fake:
        print(f"not installed here, tried with a fake only: {' '.join(only_fake)} (scripts/check --languages=all)")
