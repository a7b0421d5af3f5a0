# SPDX-License-Identifier: Apache-2.0
"""How the testing side starts a program (runjava, runmono, runvg, rundotnet): beside the
settings, and with the settings put into the script as ej-suid-update-scripts does it."""

import json
import re
import zipfile

from harness import SHELLS, SYSTEM_PATH, check, check_equal, which

# Runner: its language, the settings and the tool that they name.
LANGUAGES = {
    "runjava": ("javac", 'version="17"\nJAVARUN="{tool}"\nJAVADIR=""\n'),
    "runmono": ("mcs", 'version="6"\nMONORUN="{tool}"\nMONODIR=""\n'),
    "runvg": ("gcc-vg", 'version="12"\nGCCRUN="gcc"\n'),
    "rundotnet": ("dotnet-cs", 'version="8"\nDOTNETRUN="{tool}"\nDOTNETDIR=""\nDOTNETTARGET="net8.0"\nDOTNETMAJOR="8"\n'),
}
# Runner: environment, and the command line.
COMMANDS = {
    "runjava": [({}, "-jar ./prog a|b *"),
                ({"EJUDGE_JAVA_FLAGS": "-Xmx64M -Xss8M", "EJUDGE_FLAGS": "-f *", "EJUDGE_FLAGS_2": "-g"},
                 "-Xmx64M -Xss8M -f * -jar ./prog -g a|b *"),
                ({"EJUDGE_JAVA_COMPILER": "javac7", "EJUDGE_JAVA_FLAGS": "-Xmx64M"}, "-client -Xmx64M -jar ./prog a|b *")],
    "runmono": [({}, "./prog a|b *"), ({"EJUDGE_MONO_FLAGS": "--gc=x *"}, "--gc=x * ./prog a|b *")],
    "runvg": [({}, "--quiet --error-exitcode=1 --leak-check=full ./prog a|b *"),
              ({"EJUDGE_VG_FLAGS": "--tool=none *"}, "--tool=none * ./prog a|b *")],
    "rundotnet": [({}, "./solution.dll a|b *")],
}
RECORDER = '#!/bin/sh\nprintf \'%s\\n\' "$@" >argv\nenv >environment\n'


class Bench:
    """A directory with a program, a recording tool and both forms of a runner."""

    def __init__(self, suite, shell, runner, settings=None):
        self.suite, self.shell, self.runner = suite, shell, runner
        self.cwd = suite.directory()
        for name in ("tool", "valgrind", "scala"):
            self.executable(name, RECORDER)
        (self.cwd / "prog").write_text("program")
        self.settings = (settings or LANGUAGES[runner][1]).format(tool=self.cwd / "tool")

    def executable(self, name, text):
        (self.cwd / name).write_text(text)
        (self.cwd / name).chmod(0o755)

    def frozen(self):
        """Each line '#include FILE' becomes the content of FILE."""
        text = (self.suite.scripts / f"{self.runner}2").read_text()
        wanted = {"javac7.cfg", "javac.cfg"} if self.runner == "runjava" else {f"{LANGUAGES[self.runner][0]}.cfg"}
        check_equal(set(re.findall(r"(?m)^#include (.*)$", text)), wanted, "included")
        self.executable("frozen", re.sub(r"(?m)^#include .*\n", lambda _: self.settings + "\n", text))
        return self.cwd / "frozen"

    def run(self, where, *args, **env):
        env = {"PATH": f"{self.cwd}:{SYSTEM_PATH}", **env}
        if where == "frozen":
            return self.suite.run([self.shell, self.frozen(), *args], self.cwd, env)
        names = [LANGUAGES[self.runner][0]] + (["javac7"] if self.runner == "runjava" else [])
        files = [self.suite.config / f"{name}.cfg" for name in names]
        for path in files:
            path.write_text(self.settings)
        try:
            return self.suite.script(self.shell, self.runner, *args, cwd=self.cwd, env=env)
        finally:
            for path in files:
                path.unlink()

    def argv(self):
        return (self.cwd / "argv").read_text().splitlines()

    def environment(self):
        return (self.cwd / "environment").read_text().splitlines()


def command_line(suite, shell, runner):
    for where in ("beside", "frozen"):
        for env, wanted in COMMANDS[runner]:
            bench = Bench(suite, shell, runner)
            result = bench.run(where, "./prog", "a|b", "*", **env)
            check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), where)
            check_equal(" ".join(bench.argv()), wanted, where)
            if runner == "runmono":
                check("MONO_DEBUG=no-gdb-backtrace" in bench.environment(), "MONO_DEBUG")


def directories(suite, shell, runner):
    variable, suffix = {"runjava": ("JAVADIR", "/bin"), "runmono": ("MONODIR", "/bin"), "rundotnet": ("DOTNETDIR", "")}[runner]
    for where in ("beside", "frozen"):
        bench = Bench(suite, shell, runner, LANGUAGES[runner][1] + f'{variable}="/the dir"\n')
        check_equal(bench.run(where, "./prog").returncode, 0, where)
        path = next(line for line in bench.environment() if line.startswith("PATH="))
        check(path.startswith(f"PATH=/the dir{suffix}:"), path)


def exit_status(suite, shell, runner):
    bench = Bench(suite, shell, runner)
    for name in ("tool", "valgrind"):
        bench.executable(name, "#!/bin/sh\ncat; exit 42\n")
    for where in ("beside", "frozen"):
        (bench.cwd / "prog").write_text("program")
        check_equal(bench.run(where, "./prog").returncode, 42, where)


def scala(suite, shell):
    bench = Bench(suite, shell, "runjava")
    with zipfile.ZipFile(bench.cwd / "prog", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Main-Class: A\nScala-Compiler-Version: 2.11\n")
    bench.executable("tool", "#!/bin/sh\nexit 3\n")
    for where in ("beside", "frozen"):
        result = bench.run(where, "prog", "x", EJUDGE_JAVA_FLAGS="-Xmx64M -ea", EJUDGE_FLAGS="-f", EJUDGE_FLAGS_2="-g")
        check_equal((result.returncode, bench.argv()), (0, ["-J-Xmx64M", "-ea", "-f", "prog", "-g", "x"]), where)


def bare_name(suite, shell):
    bench = Bench(suite, shell, "runvg")
    bench.run("beside", "prog")
    check_equal(bench.argv()[-1], "./prog", "a name without a slash")


def dotnet_files(suite, shell):
    for settings, framework in ((None, ("net8.0", "8.0.0")), ('version="x"\nDOTNETRUN="{tool}"\n', ("netcoreapp5.0", "6.0.0"))):
        for where in ("beside", "frozen"):
            bench = Bench(suite, shell, "rundotnet", settings)
            (bench.cwd / "sub").mkdir()
            (bench.cwd / "prog").rename(bench.cwd / "sub/prog.dll")
            check_equal(bench.run(where, "sub/prog.dll").returncode, 0, where)
            check_equal((bench.cwd / "sub/solution.dll").read_text(), "program", "renamed")
            options = json.loads((bench.cwd / "sub/solution.runtimeconfig.json").read_text())["runtimeOptions"]
            check_equal((options["tfm"], options["framework"]["version"]), framework, where)
            check_equal(options["framework"]["name"], "Microsoft.NETCore.App", "framework")
            check_equal(bench.run(where, "sub/solution.dll").returncode, 0, "the right name already")


def run(suite):
    for shell in filter(which, SHELLS):
        for runner in LANGUAGES:
            for test in (command_line, exit_status) + ((directories,) if runner != "runvg" else ()):
                suite.test(f"runner.{test.__name__}.{runner}.{shell}", test, suite, shell, runner)
        for test in (scala, bare_name, dotnet_files):
            suite.test(f"runner.{test.__name__}.{shell}", test, suite, shell)
