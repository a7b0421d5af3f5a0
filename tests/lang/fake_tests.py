# SPDX-License-Identifier: Apache-2.0
"""Languages with imitations of their compilers (fakes.py): what the version scripts find
and what the compile scripts run, step by step."""

import os

import fakes
from harness import check, check_equal, runs_here
from version_tests import MODES, TOOL_KEYS, check_quoted, parse, recorded

# Language: the commands by default, and with EJUDGE_FLAGS="-f 1", EJUDGE_FLAGS_2="-g 2".
# S and D are source and output; a blank separates arguments, ' ; ' commands.
STEPS = {
    "dcc": ("dcc -Q S", "dcc -f 1 -Q S"),
    "pasabc-linux": ("mono BIN/pabcnetc.exe S", "mono BIN/pabcnetc.exe -f 1 S -g 2"),
    "kumir": ("ckumir --check S",) * 2,
    "kumir2": ("kumir2-bc -e=UTF-8 S",) * 2,
    "scala": ("scalac S -d output.jar",) * 2,
    "kotlin": ("kotlinc S -include-runtime -d output.jar",) * 2,
    "javac7": ("javac -source 1.7 -Xlint:unchecked A.java ; jar cvfm D manifest.txt A.class",
               "javac -source 1.7 -Xlint:unchecked -f 1 A.java ; jar cvfm D manifest.txt A.class"),
    "dotnet-cs": ("dotnet new console -lang c# -n solution ; dotnet build -c Release solution",) * 2,
    "dotnet-vb": ("dotnet new console -lang vb -n solution ; dotnet build -c Release solution",) * 2,
}
FLAGS = {"EJUDGE_FLAGS": "-f 1", "EJUDGE_FLAGS_2": "-g 2", "EJUDGE_LIBS": "-l3"}


def available(suite, shell, language):
    with fakes.Toolchain(suite, language) as tools:
        cwd = suite.directory()
        result = tools.probe(shell, cwd)
        check_equal((result.returncode, os.listdir(cwd)), (0, []), f"status ({result.stderr}), files")
        check_equal(parse(result.stdout), {**recorded(language), **tools.settings()}, "settings")
        check(" yes, " in result.stderr, f"message {result.stderr!r}")
        check_quoted(result.stdout)
        check_equal(tools.probe(shell, cwd, HOME="/nonexistent").stdout, result.stdout, "without a home")
        asked(tools, shell, language, result.stdout)


def asked(tools, shell, language, settings):
    cwd = tools.suite.directory()
    (cwd / "lang.cfg").write_text(settings)
    values = parse(settings)
    version = "(unknown version)" if language.startswith("kumir") else values["version"]
    key = TOOL_KEYS.get(language) or next(k for k in values if k.endswith(("RUN", "PATH", "PASABC")))
    key = "PASABC" if language == "pasabc-linux" else "VBNCRUN" if language == "vbnc" else key
    key = "JAVACRUN" if language == "javac7" else key
    answers = {"-l": MODES[language]["-l"]["stdout"], "-p": f"{values[key]}\n",
               "-f": f"{values['long_name']} {version}\n", "": f"{version}\n"}
    for mode, text in answers.items():
        result = tools.run(shell, f"{language}-version", *filter(None, [mode]), cwd=cwd,
                           EJUDGE_LANG_CONFIG=f"{cwd}/lang.cfg")
        check_equal((result.returncode, result.stdout, result.stderr), (0, text, ""), mode)


def without_32_bit(suite, shell, language):
    """What another kernel would run is refused, with the reason."""
    with fakes.Toolchain(suite, language) as tools:
        result = tools.probe(shell, suite.directory())
    check_equal((result.returncode, parse(result.stdout)["version"]), (1, ""), "status, version")
    check(result.stderr.endswith("  this kernel runs no 32-bit programs\n"), f"message {result.stderr!r}")


def broken(suite, shell, language):
    """A compiler that says its version and makes nothing is unavailable."""
    with fakes.Toolchain(suite, language) as tools:
        result = tools.probe(shell, suite.directory(), FAKE_FAILURE="1")
    check_equal(result.returncode, 1, "exit status")
    check(result.stdout.startswith("version=\n"), result.stdout)


class Job:
    """A compilation with imitations, by the settings that were probed."""

    def __init__(self, tools, shell, text="class A { }\n"):
        self.tools, self.shell, self.cwd = tools, shell, tools.suite.directory()
        settings = tools.probe(shell, self.cwd).stdout
        (self.cwd / "lang.cfg").write_text(settings)
        values = parse(settings)
        self.source, self.output = "src" + values["src_sfx"], "out" + values.get("exe_sfx", "")
        (self.cwd / self.source).write_text(text)

    def build(self, **env):
        (self.cwd / "log").unlink(missing_ok=True)
        return self.tools.run(self.shell, self.tools.language, self.source, self.output, cwd=self.cwd,
                              EJUDGE_LANG_CONFIG=f"{self.cwd}/lang.cfg", FAKE_LOG=f"{self.cwd}/log", **env)

    def steps(self):
        return (self.cwd / "log").read_text().splitlines()


def steps(suite, shell, language):
    for commands, env in zip(STEPS[language], ({}, FLAGS)):
        with fakes.Toolchain(suite, language) as tools:
            job = Job(tools, shell)
            result = job.build(**env)
            check_equal((result.returncode, result.stderr), (0, ""), "result")
            names = {"S": job.source, "D": job.output, "BIN/pabcnetc.exe": f"{tools.bin}/pabcnetc.exe"}
            wanted = ["|".join(names.get(w, w) for w in c.split()) for c in commands.split(" ; ")]
            check_equal(job.steps(), wanted, "commands")
            output = job.cwd / job.output
            check("OK" in output.read_text() or "class A" in output.read_text(), "output")
            check(output.stat().st_mode & 0o111 or language.startswith("dotnet"), "the output is not executable")


def failure(suite, shell, language):
    with fakes.Toolchain(suite, language) as tools:
        job = Job(tools, shell)
        result = job.build(FAKE_FAILURE="1")
        check_equal((result.returncode, result.stdout), (7, "wrong\n"), "result")
        check(not (job.cwd / job.output).exists(), "an output")


def no_globbing(suite, shell, language):
    if STEPS[language][0] == STEPS[language][1]:
        return
    with fakes.Toolchain(suite, language) as tools:
        job = Job(tools, shell)
        (job.cwd / "-DX=1").write_text("")
        job.build(EJUDGE_FLAGS="-DX=*")
        check("|-DX=*|" in job.steps()[0], f"expanded: {job.steps()}")


def found(suite, shell, language, programs, *args, **env):
    """The settings that a version script finds with other programs."""
    with fakes.Toolchain(suite, language, programs) as tools:
        args = [a.replace("BIN", tools.bin) for a in args]
        result = tools.run(shell, f"{language}-version", "-r", *args, cwd=suite.directory(), **env)
        return parse(result.stdout.replace(tools.bin, "BIN").replace(tools.home, "HOME"))


def scheme_versions(suite, shell):
    for text, version in (("Welcome to MzScheme version 209, Copyright", "209"),
                          ("Welcome to MzScheme v4.2.1 [3m], Copyright", "4.2.1"),
                          ("Welcome to Racket v6.11.", "6.11")):
        got = found(suite, shell, "mzscheme", {"mzscheme": fakes.says("--version", text, "echo OK")})
        check_equal(got["version"], version, text)


def old_yabasic(suite, shell):
    text = "case $1 in -help) version ' This is yabasic version 2.763, built on'; esac; [ -f \"$1\" ] && echo OK"
    check_equal(found(suite, shell, "yabasic", {"yabasic": text})["version"], "2.763,".rstrip(","), "version")


def type_script_runners(suite, shell):
    tsx = fakes.says("--version", "tsx v4.19.2\nnode v20.20.2", "echo OK")
    ts_node = fakes.FAKES["tsnode"][0]["ts-node"]
    for programs, tool in (({"tsx": tsx, "ts-node": ts_node}, ("4.19.2", "BIN/tsx")), ({"tsx": tsx}, ("4.19.2", "BIN/tsx")),
                           ({"tsx": "exit 1", "ts-node": ts_node}, ("10.9.1", "BIN/ts-node"))):
        got = found(suite, shell, "tsnode", programs)
        check_equal((got["version"], got["NODEPATH"]), tool, "first that works")


def kotlin_of_debian(suite, shell):
    text = "OpenJDK 64-Bit Server VM warning: x\ninfo: kotlinc-jvm 1.3-SNAPSHOT (JRE 17.0.15)"
    programs = {"kotlin": "echo 'error: no build.txt was found'; exit 1", "java": fakes.RUN,
                "kotlinc": fakes.says("-version", text)}
    check_equal(found(suite, shell, "kotlin", programs)["version"], "1.3-SNAPSHOT", "version")


def old_java_only(suite, shell):
    for version, source in (("1.6.0_45", "1.6"), ("1.4.2", "1.4"), ("1.7", "1.7"), ("1.8.0_392", ""), ("17.0.15", ""),
                            ("1.70.1", "")):
        java = f'[ "$1" != -version ] || version \'openjdk version "{version}" x\'\necho OK'
        got = found(suite, shell, "javac7", {"java": java, "javac": fakes.JAVAC, "jar": ":"})
        check_equal((got["version"], got["JAVAVER"]), (version if source else "", source), version)


def only_32_bit_pascal(suite, shell):
    wide = fakes.says("-h", "Free Pascal Compiler version 3.2.2 [2021/05/19] for x86_64")
    check_equal(found(suite, shell, "fpc-32", {"fpc": wide})["version"], "", "a compiler of other programs")


def vendors(suite, shell):
    """Fortran and Java of vendors that put their own number first, or last."""
    for text, version in (("GNU Fortran (Debian 12.2.0-14+deb12u1) 12.2.0", "12.2.0"),
                          ("GNU Fortran (GCC) 8.5.0 20210514 (Red Hat 8.5.0-22)", "8.5.0")):
        for language in ("gfortran", "g77"):
            got = found(suite, shell, language, {language: fakes.says("--version", text)})
            check_equal(got["version"], version, text)
    got = found(suite, shell, "gcj", {"gcj": fakes.says("--version", "gcj (GCC) 4.4.7 20120313 (Red Hat 4.4.7-4)")})
    check_equal(got["version"], "4.4.7", "gcj")


def explicit_mono(suite, shell):
    """A compiler with a path has its mono beside it."""
    got = found(suite, shell, "vbnc", None, "BIN/vbnc")
    check_equal((got["version"], got["VBNCRUN"], got["MONORUN"], got["VBNCDIR"], got["MONODIR"]),
                ("0.0.0.5943", "BIN/vbnc", "BIN/mono", "BIN", "HOME"), "settings")


def dos_disk(suite, shell):
    for language, path in fakes.DOS.items():
        with fakes.Toolchain(suite, language) as tools:
            for missing in (suite.contests / "dosemu/boot" / path, suite.contests / "dosemu/bin/dos",
                            next((suite.libexec / "ejudge/lang").iterdir())):
                missing.unlink()
                check_equal(tools.probe(shell, suite.directory()).returncode, 1, f"without {missing}")
                fakes.write(missing, "")
            check_equal(tools.probe(shell, suite.directory()).returncode, 0, "with everything")
        for helper in (suite.libexec / "ejudge/lang").iterdir():
            helper.unlink()


def kylix_directory(suite, shell):
    with fakes.Toolchain(suite, "dcc") as tools:
        job = Job(tools, shell)
        fakes.write(f"{tools.bin}/dcc", fakes.PREAMBLE + 'echo "$KYLIXDIR"; program "${source%.*}"\n')
        check_equal(job.build().stdout, "\n", "a bare name")
        with open(job.cwd / "lang.cfg", "a", encoding="utf-8") as stream:
            stream.write('DCCDIR="/opt/kylix"\n')
        check_equal(job.build().stdout, "/opt/kylix\n", "a path")


KUMIR_PROGRAM = 'алг\n| $HOME `touch HIT` \\ "\' $(touch HIT)\n  __END_\nкон'


def kumir_script(suite, shell):
    """The program reaches Kumir as it was written, whatever a shell would make of it."""
    with fakes.Toolchain(suite, "kumir") as tools:
        job = Job(tools, shell, KUMIR_PROGRAM)
        fakes.write(f"{tools.bin}/ckumir", '#!/bin/sh\n[ "$1" = --run ] && cat "$2"\nexit 0\n')
        check_equal(job.build().returncode, 0, "status")
        ran = suite.run([job.cwd / job.output], job.cwd)
        check_equal((ran.stdout, ran.stderr), (KUMIR_PROGRAM + "\n", ""), "program")
        check(not (job.cwd / "HIT").exists(), "the shell has run a part of the program")


def kumir_end_mark(suite, shell):
    for language in ("kumir", "kumir2"):
        with fakes.Toolchain(suite, language) as tools:
            result = Job(tools, shell, "нач\n__END__\ntouch HIT\n").build()
            check(result.returncode == 1 and "__END__" in result.stderr, f"{language}: {result}")


def dotnet_source(suite, shell):
    for language in ("dotnet-cs", "dotnet-vb"):
        with fakes.Toolchain(suite, language) as tools:
            job = Job(tools, shell, "the source\n")
            job.build()
            text = (job.cwd / job.output).read_text()
            check("the source" in text and "old" not in text and "net8.0" in text, f"built of {text}")


def dotnet_template(suite, shell):
    """Where the site lets it be written, an empty project is kept: for this version of .NET."""
    directory = suite.prefix / "share/ejudge/template"
    directory.mkdir(parents=True, exist_ok=True)
    new, build = "dotnet|new|console|-lang|c#|-n|solution", "dotnet|build|-c|Release|solution"
    with fakes.Toolchain(suite, "dotnet-cs") as tools:
        for wanted, target in (([new, build], ""), ([build], ""), ([new, build], "net9.0"), ([build], "net8.0")):
            job = Job(tools, shell, "the source\n")
            if target:
                with open(job.cwd / "lang.cfg", "a", encoding="utf-8") as stream:
                    stream.write(f'DOTNETTARGET="{target}"\n')
            result = job.build()
            check_equal((job.steps(), os.listdir(directory)), (wanted, ["dotnet-cs.tbz"]), f"{target} {result}")
    (directory / "dotnet-cs.tbz").unlink()
    directory.rmdir()


def dotnet_project(suite, shell):
    with fakes.Toolchain(suite, "dotnet-cs") as tools:
        job = Job(tools, shell, "the source\n")
        (job.cwd / "solution.csproj").write_text("the project\n")
        result = job.build(EJUDGE_HAS_PROJECT="1", EJUDGE_SOLUTION_FILE="answer")
        check_equal((result.returncode, job.steps()), (0, ["dotnet|build|-c|Release"]), result)
        text = (job.cwd / job.output).read_text()
        check("the source" in text and "the project" in text, text)
        check((job.cwd / "answer.cs").exists(), "not renamed")
        check_equal(job.build(EJUDGE_HAS_PROJECT="1").returncode, 1, "a project without a name for the submission")


def caches(suite, shell):
    """Zig and .NET without a home, and with one."""
    for language, variable in (("zig", "ZIG_GLOBAL_CACHE_DIR"), ("dotnet-vb", "DOTNET_CLI_HOME")):
        with fakes.Toolchain(suite, language) as tools:
            job = Job(tools, shell)
            program = fakes.FAKES[language][0]["zig" if language == "zig" else "dotnet"]
            note = f'echo "${variable}" >"{job.cwd}/cache"\n'
            fakes.write(f"{tools.bin}/{'zig' if language == 'zig' else 'dotnet'}", fakes.PREAMBLE + note + program + "\n")
            for home, cache in ((str(suite.home), ""), (None, str(job.cwd)), ("/nonexistent", str(job.cwd))):
                (job.cwd / job.source).write_text("the source\n")
                suite.run(["rm", "-rf", "solution"], job.cwd)
                check_equal(job.build(HOME=home).returncode, 0, "status")
                got = (job.cwd / "cache").read_text().strip()
                check(got.startswith(cache) and bool(got) == bool(cache), f"{language} with HOME={home}: {got}")


def java_entry(suite, shell):
    with fakes.Toolchain(suite, "javac7") as tools:
        job = Job(tools, shell, "interface I { }\npublic class B { }\nclass C { }\n")
        (job.cwd / "Stale.class").write_text("")
        check_equal(job.build().returncode, 0, "status")
        check_equal((job.cwd / "manifest.txt").read_text(), "Main-Class: B\n", "manifest")
        check_equal(job.steps()[1], "jar|cvfm|out.jar|manifest.txt|B.class", "packed")
        check_equal(Job(tools, shell, "package p; class A { }\n").build().returncode, 1, "a package")
        check("no class" in Job(tools, shell, "interface I { }\n").build().stderr, "no class")


def postgres_settings(suite, shell):
    cwd = suite.directory()
    (cwd / "src.sql").write_text("SELECT 1;\n")
    result = suite.script(shell, "postgres", "src.sql", "out", cwd=cwd)
    check_equal((result.returncode, result.stderr), (1, "This language is not supported.\n"), "without settings")


def run(suite):
    special = (scheme_versions, old_yabasic, type_script_runners, kotlin_of_debian, old_java_only,
               only_32_bit_pascal, vendors,
               explicit_mono, dos_disk, kylix_directory, kumir_script, kumir_end_mark, dotnet_source,
               dotnet_template, dotnet_project, caches, java_entry, postgres_settings)
    untried = ("kumir2", "mars", "rars", "postgres", "yabasic", "mzscheme", "tsnode", "python", "pypy",
               "tpc", "bcc", "bpp", "qb", "scala", "kotlin", "javac7", "kumir")
    for shell in fakes.shells():
        for language in fakes.FAKES:
            test = available if runs_here(language) else without_32_bit
            suite.test(f"fake.{test.__name__}.{language}.{shell}", test, suite, shell, language)
            if language not in untried:
                suite.test(f"fake.broken.{language}.{shell}", broken, suite, shell, language)
        for language in STEPS:
            for test in (steps, failure, no_globbing):
                suite.test(f"fake.{test.__name__}.{language}.{shell}", test, suite, shell, language)
        for test in special:
            suite.test(f"fake.{test.__name__}.{shell}", test, suite, shell)
