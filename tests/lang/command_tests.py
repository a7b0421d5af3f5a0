# SPDX-License-Identifier: Apache-2.0
"""Compile scripts with a compiler that only writes down how it was started: the
exact command lines, the settings files and the hand-over to build scripts."""

import json
import os
import resource
import tarfile

from harness import SHELLS, SYSTEM_PATH, TOOLS, check, check_equal, which

UNSUPPORTED = "This language is not supported.\n"

# Language: variable of the tool, suffix of the source.
SETTINGS = {
    "gcc": ("GCCRUN", ".c"), "gcc-32": ("GCCRUN", ".c"), "g++": ("GPPRUN", ".cpp"),
    "g++-32": ("GPPRUN", ".cpp"), "clang": ("CLANGRUN", ".c"), "clang++": ("CLANGRUN", ".cpp"),
    "fpc": ("FPCRUN", ".pas"), "gfortran": ("GFORTRANRUN", ".for"), "rust": ("RUSTRUN", ".rs"),
    "gccgo": ("GORUN", ".go"), "ghc": ("GHCRUN", ".hs"), "mcs": ("MCSRUN", ".cs"),
    "javac": ("JAVACRUN", ".java"),
    "python3": ("PYTHONPATH", ".py"), "pypy3": ("PYTHONPATH", ".py"), "perl": ("PERLPATH", ".pl"),
    "ruby": ("RUBYPATH", ".rb"), "php": ("PHPPATH", ".php"), "node": ("NODEPATH", ".js"),
    "bash": ("BASHPATH", ".sh"),
    "gcc-vg": ("GCCRUN", ".c"), "g++-vg": ("GPPRUN", ".cpp"), "clang-32": ("CLANGRUN", ".c"),
    "clang++-32": ("CLANGRUN", ".cpp"), "gas": ("GCCRUN", ".S"), "gas-32": ("GCCRUN", ".S"),
    "nasm-x86": ("NASMRUN", ".asm"), "gpc": ("GPCRUN", ".pas"), "gcj": ("GCJRUN", ".java"), "g77": ("G77RUN", ".for"),
    "fpc-32": ("FPCRUN", ".pas"), "dcc": ("DCCRUN", ".pas"), "tpc": ("TPCRUN", ".pas"), "bcc": ("BCCRUN", ".c"),
    "bpp": ("BPPRUN", ".cpp"), "qb": ("QBRUN", ".bas"), "fbc": ("FBCRUN", ".bas"), "fbc-32": ("FBCRUN", ".bas"),
    "yabasic": ("YABASICPATH", ".bas"), "mzscheme": ("MZSCHEMEPATH", ".scm"), "python": ("PYTHONPATH", ".py"),
    "pypy": ("PYTHONPATH", ".py"), "mars": ("MARSPATH", ".asm"), "rars": ("RARSPATH", ".asm"),
    "tsnode": ("NODEPATH", ".ts"), "postgres": ("PSQLPATH", ".sql"), "gprolog": ("GPLCRUN", ".pro"),
    "swift": ("SWRUN", ".swift"), "zig": ("ZIGRUN", ".zig"), "javac7": ("JAVACRUN", ".java"),
    "scala": ("SCALACRUN", ".scala"), "kotlin": ("KOTLINCRUN", ".kt"), "vbnc": ("VBNCRUN", ".vb"),
    "pasabc-linux": ("PASABC", ".pas"), "dotnet-cs": ("DOTNETRUN", ".cs"), "dotnet-vb": ("DOTNETRUN", ".vb"),
    "kumir": ("KUMIRPATH", ".kum"), "kumir2": ("KUMIRPATH", ".kum"), "make": ("MAKEPATH", ".tar"),
    "make-vg": ("MAKEPATH", ".tar"),
}
# The tool without settings, where it is no program of PATH or /usr/bin.
DEFAULTS = {"bash": "/bin/bash", "pasabc-linux": "/usr/local/pasabc/pabcnetc.exe",
            "tpc": "LANG/bpcemu2", "bcc": "LANG/bccemu", "bpp": "LANG/bppemu", "qb": "LANG/qbemu"}

# Language: the command line by default, and with EJUDGE_FLAGS="-f 1",
# EJUDGE_FLAGS_2="-g 2" and EJUDGE_LIBS="-l3". S and D are source and output.
COMMANDS = {
    "gcc": ("-O2 S -o D -lm", "-f 1 S -g 2 -o D -l3"),
    "gcc-32": ("-m32 -O2 S -o D -lm", "-m32 -f 1 S -g 2 -o D -l3"),
    "g++": ("-O2 S -o D -lm", "-f 1 S -g 2 -o D -lm -l3"),
    "g++-32": ("-m32 -O2 S -o D", "-m32 -f 1 S -g 2 -o D -l3"),
    "clang": ("-O2 S -o D -lm", "-f 1 S -g 2 -o D -l3"),
    "clang++": ("-O2 S -o D", "-f 1 S -g 2 -o D -l3"),
    "fpc": ("-XS S -oD", "-f 1 -XS S -g 2 -oD"),
    "gfortran": ("-O2 S -o D", "-f 1 S -g 2 -o D"),
    "rust": ("-O --edition=2021 S -o D", "-f 1 S -g 2 -l3 -o D"),
    "gccgo": ("build -o D S", "build -o D -f 1 S -g 2"),
    "ghc": ("-O -H14m S -o D", "-f 1 S -g 2 -o D"),
    "mcs": ("-optimize+ S -out:D", "-f 1 S -g 2 -out:D"),
    "gcc-vg": ("-g -O2 S -o D -lm", "-f 1 S -g 2 -o D -l3"),
    "g++-vg": ("-O2 -g S -o D", "-f 1 S -g 2 -o D -l3"),
    "clang-32": ("-m32 -O2 S -o D -lm", "-m32 -f 1 S -g 2 -o D -l3"),
    "clang++-32": ("-m32 -O2 S -o D", "-m32 -f 1 S -g 2 -o D -l3"),
    "gas": ("S -o D -lm", "-f 1 S -g 2 -o D -l3"),
    "gas-32": ("-m32 S -o D -lm", "-f 1 -m32 S -g 2 -o D -l3"),
    "gpc": ("-O2 S -o D", "-f 1 S -o D"),
    "gcj": ("-Wall -O2 --main=Main Main.java -o D", "-f 1 --main=Main Main.java -o D"),
    "g77": ("-O2 S -o D", "-f 1 S -g 2 -o D"),
    "fpc-32": ("S -oD", "-f 1 S -g 2 -oD"),
    "tpc": ("S D", "S D"), "bcc": ("S D", "S D"), "bpp": ("S D", "S D"), "qb": ("S D", "S D"),
    "fbc": ("-lang qb S -x D", "-f 1 -lang qb S -x D"),
    "fbc-32": ("S -x D", "-f 1 S -x D"),
    "gprolog": ("--min-size S -o D", "--min-size -f 1 S -o D"),
    "swift": ("-O S -o D -Xlinker -lm", "-f 1 S -g 2 -o D -Xlinker -lm"),
    "zig": ("build-exe -O ReleaseFast S -femit-bin=D", "build-exe -f 1 S -g 2 -femit-bin=D"),
    "vbnc": ("S -out:D", "-f 1 S -out:D"),
}
FLAGS = {"EJUDGE_FLAGS": "-f 1", "EJUDGE_FLAGS_2": "-g 2", "EJUDGE_LIBS": "-l3"}
C_FAMILY = ("gcc", "gcc-32", "gcc-vg", "g++", "g++-32", "g++-vg", "clang", "clang-32", "clang++", "clang++-32")

# Language: what stands before the source; F where EJUDGE_FLAGS go.
HEADERS = {
    "python3": "#! TOOL\n# coding: utf-8\n\n", "pypy3": "#! TOOL\n# coding: utf-8\n\n",
    "perl": "#! TOOL -W F\n\n", "ruby": "#! TOOL F\n\n", "php": "#! TOOL -nf\n",
    "node": "#! TOOL\n\n", "bash": "#! TOOL\n\n",
    "python": "#! TOOL\n# coding: utf-8\n\n", "pypy": "#! TOOL -W ignore F\n# coding: utf-8\n\n",
    "yabasic": "#! TOOL F\n\n", "mzscheme": "#! TOOL -qr F\n\n", "mars": "#! TOOL F\n\n",
    "rars": "#! TOOL F\n\n", "tsnode": "#! TOOL\n\n",
    "postgres": "#! LIBEXEC/ejudge/bin/ej-postgres-exec\n\n",
}

RECORDER = """#!/bin/sh
printf '%s\\n' "$@" >argv
env >environment
for last; do :; done
: >out; chmod +x out
"""


class Bench:
    """A directory with a source, a recording compiler and settings that name it."""

    def __init__(self, suite, shell, language, tool=RECORDER):
        self.suite, self.shell, self.language = suite, shell, language
        self.variable, suffix = SETTINGS[language]
        self.cwd = suite.directory()
        self.source = "src" + suffix
        (self.cwd / self.source).write_text("the source\n")
        self.tool = self.executable("recorder", tool)
        self.settings = self.cwd / "lang.cfg"
        self.settings.write_text(f'version="1"\n{self.variable}="{self.tool}"\n')

    def executable(self, name, text):
        path = self.cwd / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def run(self, *args, **env):
        full = {"EJUDGE_LANG_CONFIG": str(self.settings)}
        full.update(env)
        return self.suite.script(self.shell, self.language, *(args or (self.source, "out")),
                                 cwd=self.cwd, env=full)

    def argv(self):
        return (self.cwd / "argv").read_text().splitlines()


def command_line(suite, shell, language):
    for command, env in zip(COMMANDS[language], ({}, FLAGS)):
        bench = Bench(suite, shell, language)
        result = bench.run(**env)
        check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "result")
        wanted = [{"S": bench.source, "D": "out", "-oD": "-oout", "-out:D": "-out:out",
                   "-femit-bin=D": "-femit-bin=out"}.get(w, w)
                  for w in command.split()]
        check_equal(bench.argv(), wanted, "command line")
        environment = (bench.cwd / "environment").read_text()
        check("\nLANG=" not in f"\n{environment}", "messages may be translated")


def no_globbing(suite, shell, language):
    bench = Bench(suite, shell, language)
    (bench.cwd / "-DX=1").write_text("")
    bench.run(EJUDGE_FLAGS="-DX=*", EJUDGE_FLAGS_2="*")
    options = COMMANDS[language][1]
    check("-DX=*" in bench.argv() or "-f 1" not in options, f"expanded: {bench.argv()}")
    check("*" in bench.argv() or "-g 2" not in options, f"expanded: {bench.argv()}")


def many_files(suite, shell, language):
    bench = Bench(suite, shell, language)
    suffix = SETTINGS[language][1]
    (bench.cwd / f"jury part{suffix}").write_text("")
    (bench.cwd / f"answer{suffix}").write_text("old\n")
    (bench.cwd / "-DX=1").write_text("")
    result = bench.run(EJUDGE_SOLUTION_FILE="answer", EJUDGE_FLAGS="-DX=*")
    check_equal(result.returncode, 0, "exit status")
    check_equal((bench.cwd / f"answer{suffix}").read_text(), "the source\n", "renamed submission")
    fixed = ["-m32"] if language.endswith("-32") else []
    libraries = ["-lm"] if language == "g++" or "++" not in language else []
    check_equal(bench.argv(), fixed + ["-DX=*", f"answer{suffix}", f"jury part{suffix}", "-o", "out"] + libraries,
                "command line")


def compiler_status(suite, shell, language):
    """The compiler's verdict is the script's."""
    bench = Bench(suite, shell, language, "#!/bin/sh\necho wrong; exit 7\n")
    result = bench.run()
    check(result.returncode != 0, "exit status 0")
    check_equal(result.stdout, "wrong\n", "log")


def rust_edition(suite, shell):
    bench = Bench(suite, shell, "rust")
    bench.run(RUSTEDITION="2018")
    check_equal(bench.argv(), ["-O", "--edition=2018", "src.rs", "-o", "out"], "command line")


def rust_start_file(suite, shell):
    bench = Bench(suite, shell, "rust")
    bench.run(EJUDGE_SOLUTION_FILE="answer", EJUDGE_START_FILE="main")
    check((bench.cwd / "answer.rs").exists(), "not renamed")
    check_equal(bench.argv()[2:3], ["main.rs"], "compiled file")


def pascal_verdict(suite, shell, language):
    """Success is that the output is there, whatever the compiler's status."""
    check_equal(Bench(suite, shell, language, "#!/bin/sh\n: >out; exit 1\n").run().returncode, 0, "output, status 1")
    check(Bench(suite, shell, language, "#!/bin/sh\nexit 0\n").run().returncode != 0, "no output, status 0")
    bench = Bench(suite, shell, language, "#!/bin/sh\nexit 0\n")
    (bench.cwd / "out").write_text("stale")
    check(bench.run().returncode != 0, "an output of an earlier run counts")


def haskell_output(suite, shell):
    check(Bench(suite, shell, "ghc", "#!/bin/sh\nexit 0\n").run().returncode != 0, "no output, status 0")


def go_cache(suite, shell):
    tool = '#!/bin/sh\n: >out; echo "$GOCACHE"; [ -d "${GOCACHE%/*}" ]\n'
    bench = Bench(suite, shell, "gccgo", tool)
    result = bench.run(HOME=None)
    check(result.returncode == 0 and str(bench.cwd) in result.stdout, f"no cache: {result.stdout}")
    check(not os.path.exists(result.stdout.strip().rsplit("/", 1)[0]), "the cache stays behind")
    check_equal(Bench(suite, shell, "gccgo", '#!/bin/sh\necho "[$GOCACHE]"\n').run().stdout, "[]\n", "HOME will do")
    check_equal(Bench(suite, shell, "gccgo", '#!/bin/sh\necho "[$GOCACHE]"\n').run(HOME=None, GOCACHE="/x").stdout,
                "[/x]\n", "the caller's cache")


def header(suite, shell, language):
    for flags in ("", "-a -b"):
        bench = Bench(suite, shell, language)
        result = bench.run(EJUDGE_FLAGS=flags)
        check_equal((result.returncode, result.stdout, result.stderr), (0, "", ""), "result")
        wanted = HEADERS[language].replace("LIBEXEC", str(suite.libexec))
        wanted = wanted.replace(" F\n", f" {flags}\n").replace("TOOL", str(bench.tool)) + "the source\n"
        check_equal((bench.cwd / "out").read_text(), wanted, "script")
        check_equal((bench.cwd / "out").stat().st_mode & 0o777, 0o755, "mode")


def failed_write(suite, shell, language):
    bench = Bench(suite, shell, language)
    check(bench.run(bench.source, "no/out").returncode != 0, "no directory for the output")
    check(bench.run("none", "out").returncode != 0, "no source")
    (bench.cwd / bench.source).write_text("x" * 100000)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = suite.script(shell, language, bench.source, "out", cwd=bench.cwd,
                          env={"EJUDGE_LANG_CONFIG": str(bench.settings)}, limit=limit)
    check(result.returncode != 0, "half an output")


def settings(suite, shell, language):
    """Where the tool comes from, and when the language is refused."""
    bench = Bench(suite, shell, language, "#!/bin/sh\necho TOOL; : >out; chmod +x out\n")
    variable = bench.variable
    bench.executable("build", '#!/bin/sh\necho "$EJUDGE_LANGUAGE" "$EJUDGE_COMPILER"\n')
    hand_over = {"EJUDGE_BUILD_SCRIPT": "./build"}
    check_equal(bench.run(**hand_over).stdout, f"{language} {bench.tool}\n", "named by settings")
    for text in ("version=\n", "", f"version=\n{variable}=false\n", f'version="1"\n{variable}=false\n',
                 "version=\n[ -d /none ] && x=1\n", f'version="1"\n{variable}=/bin/false\n', f'version="1"\n{variable}=\n'):
        bench.settings.write_text(text)
        result = bench.run(**hand_over)
        check_equal((result.returncode, result.stdout, result.stderr), (1, "", UNSUPPORTED), repr(text))
    bench.settings.unlink()
    default = TOOLS[language][0] if variable.endswith("RUN") else f"/usr/bin/{TOOLS[language][0]}"
    default = DEFAULTS.get(language, default).replace("LANG", f"{suite.libexec}/ejudge/lang")
    check_equal(bench.run(**hand_over).stdout, f"{language} {default}\n", "no settings")
    environment, config = (suite.config / f"{language}.{s}" for s in ("env", "cfg"))
    try:
        environment.write_text(f"{variable}=/from/env\nversion=\n[ -d /none ] && x=1\n")
        check_equal(bench.run(**hand_over).stdout, f"{language} /from/env\n", ".env alone")
        config.write_text(f'version="1"\n{variable}="/from/cfg"\n[ -d /none ] && x=1\n')
        check_equal(bench.run(**hand_over, EJUDGE_LANG_CONFIG=None).stdout, f"{language} /from/cfg\n", ".cfg over .env")
    finally:
        environment.unlink()
        config.unlink(missing_ok=True)


def hand_over(suite, shell, language):
    bench = Bench(suite, shell, language)
    build = bench.executable("build", '#!/bin/sh\necho "$EJUDGE_LANGUAGE|$EJUDGE_COMPILER|$LANG|$*"; exit 5\n')
    answer = (5, f"{language}|{bench.tool}|C.UTF-8|{bench.source} out p.json\n")
    args = (bench.source, "out", "p.json")
    for env in ({"EJUDGE_BUILD_SCRIPT": "./build"}, {"EJUDGE_BUILD_SCRIPT": str(build)},
                {"EJUDGE_OPT_BUILD_SCRIPT": "./build"}, {"EJUDGE_OPT_BUILD_SCRIPT": "build"}):
        result = bench.run(*args, **env)
        check_equal((result.returncode, result.stdout), answer, str(env))
    build.chmod(0o644)
    result = bench.run(*args, EJUDGE_OPT_BUILD_SCRIPT="./build")
    check("|" not in result.stdout, "a script that is not executable was run")
    check(language in ("make", "make-vg", "pasabc-linux") or (bench.cwd / "argv").exists() or (bench.cwd / "out").exists(), "nothing was built instead")
    result = bench.run(*args, EJUDGE_BUILD_SCRIPT="./build")
    check_equal(result.returncode, 126, "a build script that cannot be run")


def path_of_tool(suite, shell, language):
    directories = {"GCCRUN": "GCCDIR", "GPPRUN": "GPPDIR", "CLANGRUN": "CLANGDIR", "FPCRUN": "FPCDIR",
                   "GFORTRANRUN": "GFORTRANDIR", "RUSTRUN": "RUSTDIR", "GORUN": "GODIR", "GHCRUN": "GHCDIR",
                   "MCSRUN": "MONODIR", "JAVACRUN": "JAVADIR", "VBNCRUN": "MONODIR", "PASABC": "MONODIR",
                   "SCALACRUN": "SCALADIR", "NASMRUN": "NASMDIR", "GPCRUN": "GPCDIR", "GCJRUN": "GCJDIR",
                   "G77RUN": "G77DIR", "DCCRUN": "DCCDIR", "FBCRUN": "FBCDIR", "GPLCRUN": "GPROLOGDIR",
                   "SWRUN": "SWDIR", "ZIGRUN": "ZIGDIR", "DOTNETRUN": "DOTNETDIR"}
    bench = Bench(suite, shell, language)
    bench.executable("build", '#!/bin/sh\necho "$PATH"\n')
    key = directories[bench.variable]
    with open(bench.settings, "a", encoding="utf-8") as stream:
        stream.write(f'{key}="/the dir"\n')
    if key in ("MONODIR", "JAVADIR", "SCALADIR"):
        bench.executable("recorder", '#!/bin/sh\necho "$PATH"\n')
        if language == "pasabc-linux":
            bench.executable("mono", '#!/bin/sh\necho "$PATH"\n')
        path = bench.run(PATH=f"{bench.cwd}:{SYSTEM_PATH}").stdout
        check(path.startswith("/the dir/bin:/"), path)
    else:
        path = bench.run(EJUDGE_BUILD_SCRIPT="./build").stdout
        check(path.startswith("/the dir:/"), path)


def python_path(suite, shell, language):
    """The name of the setting is a variable that Python itself obeys."""
    bench = Bench(suite, shell, language)
    bench.executable("build", '#!/bin/sh\necho "${PYTHONPATH-none}"\n')
    for value, answer in ((None, "none\n"), ("/jury/lib", "/jury/lib\n")):
        result = bench.run(EJUDGE_BUILD_SCRIPT="./build", PYTHONPATH=value)
        check_equal(result.stdout, answer, "PYTHONPATH")


def properties(suite, shell, language):
    on = {"EJUDGE_EXE_PROPERTIES": "1"}
    bench = Bench(suite, shell, language)
    tool, suffix, args = str(bench.tool), SETTINGS[language][1], (bench.source, "out", "p.json")
    json_file, output = bench.cwd / "p.json", bench.cwd / "out"
    check_equal(bench.run(*args, **on).returncode, 0, "exit status")
    check_equal(json_file.read_text(), f'{{ "start_cmd": "{tool}", "start_args": ["{tool}"]}}\n', "properties")
    check_equal((output.read_text(), output.stat().st_mode & 0o777), ("the source\n", 0o755), "output")
    bench.run(*args, **on, EJUDGE_RUN_FLAGS='-O -u * a"b\\c "\\"')
    check_equal(json.loads(json_file.read_text()),
                {"start_cmd": tool, "start_args": [tool, "-O", "-u", "*", 'a"b\\c', '"\\"']}, "flags")
    json_file.unlink()
    bench.run(*args)
    check(not json_file.exists(), "properties that were not asked for")
    bench.run(bench.source, "out", **on)
    check(output.read_text().startswith("#! "), "no properties file named: an ordinary script")
    check(bench.run(bench.source, "out", "no/p.json", **on).returncode != 0, "properties not written")
    check(bench.run(*args, **on, EJUDGE_RUN_FLAGS="a\x01").returncode != 0, "a control character")
    on["EJUDGE_ARCHIVE"] = "1"
    for missing in ({}, {"EJUDGE_SOLUTION_FILE": "x"}, {"EJUDGE_START_FILE": "x"}):
        result = bench.run(*args, **on, **missing)
        check(result.returncode == 1 and result.stderr, f"accepted {missing}")
    build = bench.cwd / "build"
    build.mkdir()
    for name in (bench.source, "helper file" + suffix, ".hidden", "-dash"):
        (build / name).write_text(name)
    bench.cwd = build
    result = bench.run(bench.source, "../out", "../p.json", **on, EJUDGE_RUN_FLAGS="-u",
                       EJUDGE_SOLUTION_FILE="answer", EJUDGE_START_FILE="main")
    check_equal((result.returncode, result.stderr), (0, ""), "archive")
    check_equal(json_file.read_text(), f'{{ "is_archive": true, "start_cmd": "{tool}", '
                f'"start_args": ["{tool}","-u","main{suffix}"] }}\n', "properties")
    with tarfile.open(output, "r:gz") as archive:
        check_equal(sorted(archive.getnames()),
                    sorted(["answer" + suffix, "helper file" + suffix, ".hidden", "-dash"]), "archive")


def nasm(suite, shell):
    """Assembled and linked, with the macros of the site."""
    for flags, env in ((["-Werror", "-DUNIX", "-f", "elf"], {}), (["-f", "1", "-DUNIX", "-f", "elf"], FLAGS)):
        bench = Bench(suite, shell, "nasm-x86")
        bench.executable("gcc", '#!/bin/sh\nprintf "%s\\n" "$@" >gcc-argv\ncp out.o out\n')
        bench.executable("recorder", RECORDER + ": >out.o\n")
        result = bench.run(PATH=f"{bench.cwd}:{SYSTEM_PATH}", **env)
        check_equal((result.returncode, result.stderr), (0, ""), "result")
        check_equal(bench.argv(), flags + ["src.asm"] + (["-g", "2"] if env else []) + ["-o", "out.o"], "nasm")
        check_equal((bench.cwd / "gcc-argv").read_text().split(), ["-m32", "-o", "out", "out.o"], "gcc")
        check(not (bench.cwd / "out.o").exists() and (bench.cwd / "out").exists(), "files")
    macros = suite.config / "nasm/io.inc"
    macros.parent.mkdir()
    macros.write_text("macros\n")
    bench.run(PATH=f"{bench.cwd}:{SYSTEM_PATH}")
    check_equal((bench.cwd / "io.inc").read_text(), "macros\n", "macros")
    macros.unlink()
    macros.parent.rmdir()
    check_equal(Bench(suite, shell, "nasm-x86", "#!/bin/sh\necho wrong; exit 7\n").run().returncode, 7, "status")


def custom(suite, shell):
    result = suite.script(shell, "custom", "src.txt", "out", cwd=suite.directory())
    check(result.returncode == 1 and result.stderr, "custom compiles")


def usage(suite, shell, language):
    result = suite.script(shell, language, "one", cwd=suite.directory())
    check(result.returncode == 1 and "usage: " in result.stderr, "one argument is enough")


def run(suite):
    groups = {
        command_line: COMMANDS, compiler_status: [c for c in COMMANDS if c not in ("fpc", "fpc-32")] + ["javac"],
        no_globbing: COMMANDS, many_files: C_FAMILY, header: HEADERS, failed_write: HEADERS,
        settings: SETTINGS, hand_over: SETTINGS, usage: SETTINGS, python_path: ("python3", "pypy3", "python", "pypy"),
        properties: ("python3", "pypy3", "node"), path_of_tool: [c for c in COMMANDS if c not in ("tpc", "bcc", "bpp", "qb")] + [
            "javac", "javac7", "scala", "pasabc-linux", "nasm-x86", "dcc", "dotnet-cs", "dotnet-vb"],
        pascal_verdict: ("fpc", "fpc-32"),
    }
    for shell in filter(which, SHELLS):
        for test, languages in groups.items():
            for language in languages:
                suite.test(f"command.{test.__name__}.{language}.{shell}", test, suite, shell, language)
        for test in (rust_edition, rust_start_file, haskell_output, go_cache, nasm, custom):
            suite.test(f"command.{test.__name__}.{shell}", test, suite, shell)
