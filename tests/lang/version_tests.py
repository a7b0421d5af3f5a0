# SPDX-License-Identifier: Apache-2.0
"""Version scripts, against what ejudge's own printed (recorded/)."""

import json
import os
import re

from harness import RECORDED, SHELLS, SYSTEM_PATH, TOOLS, check, check_equal, runs_here, shells_for, which

MODES = json.loads((RECORDED / "version-modes.json").read_text())
# ejudge names no address here.
MODES["rars"]["-l"] = {"stdout": "RARS RiscV Simulator [https://github.com/TheThirdOne/rars]\n"}
UNSUPPORTED = "This language is not supported.\n"
# Where the recorded value is ejudge's mistake: one name for two languages.
LONG_NAMES = {"g++-32": ("GNU C++", "GNU C++ (32 bit)"), "clang++-32": ("clang C++", "clang C++ (32 bit)")}
# What is said of an available language alone.
OF_AVAILABLE = {"make": ["binary"], "make-vg": ["binary"],
                "postgres": ["clean_up_cmd", "enable_ejudge_env", "preserve_line_numbers"]}
# The tool, where it is not what the first private key names.
TOOL_KEYS = {"mcs": "MCSRUN", "scala": "SCALACRUN", "kotlin": "KOTLINCRUN"}
# What a version script needs beside the tool it looks for.
UTILITIES = ("cat", "chmod", "find", "id", "readlink", "rm", "sed")

INTERPRETERS = ("python3", "pypy3", "perl", "ruby", "php", "node", "bash", "make", "make-vg", "postgres",
                "yabasic", "mzscheme", "tsnode")


def parse(text):
    """The settings as ejudge's reader sees them: no escapes, one assignment a line."""
    result = {}
    for line in text.splitlines():
        match = re.fullmatch(r"""([A-Za-z][\w+-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"'#]*))""", line)
        check(match, f"unreadable line {line!r}")
        result[match[1]] = match[2] if match[2] is not None else match[3] or match[4] or ""
    return result


def recorded(language):
    return parse(recorded_text(language))


def recorded_text(language):
    text = (RECORDED / f"{language}.cfg").read_text()
    was, correct = LONG_NAMES.get(language, ("", ""))
    return text.replace(f'long_name="{was}"', f'long_name="{correct}"')


def is_private(key):
    return key.isupper()


def probe(suite, shell, language, *args, env=None):
    cwd = suite.directory()
    result = suite.script(shell, f"{language}-version", "-v", "-r", *args, cwd=cwd, env=env)
    check_equal(os.listdir(cwd), [], "left in the directory")
    return result


def available(suite, shell, language):
    result = probe(suite, shell, language)
    check_equal(result.returncode, 0, f"exit status ({result.stderr})")
    wanted, got = recorded(language), parse(result.stdout)
    check_same_keys(language, got, wanted)
    for key, value in got.items():
        if key == "version":
            check(re.fullmatch(r"(go)?\d+(\.\d+)+[^\s()]*(\(\d+\)-release)?|\d.*-SNAPSHOT", value) or language == "custom",
                  f"strange version {value!r}")
        elif is_private(key):
            check(value or key.endswith("DIR"), f"{key} is empty")
        elif key == "clean_up_cmd":
            check_equal(value, f"{suite.libexec}/ejudge/bin/ej-postgres-cleanup", key)
        else:
            check_equal(value, wanted[key], key)
    if recorded(language)["version"] and language != "javac":
        private = {k: v for k, v in got.items() if is_private(k)}
        wanted_private = {k: which(TOOLS[language][0]) if k.endswith("PATH") else v
                          for k, v in wanted.items() if is_private(k)}
        check_equal(private, wanted_private, "private keys")
    if language != "custom":
        tool = result.stderr.rsplit(" yes, ", 1)[-1].split(", ")[0]
        check(re.fullmatch(r"checking whether .* is available\.\.\. yes, [^ ]+, [^ ]+\n", result.stderr),
              f"message {result.stderr!r}")
        check(tool in got.values(), f"{tool} was reported, not recorded")
        check_quoted(result.stdout)


def check_same_keys(language, got, wanted):
    """In the same order, but for three languages that ejudge prints in an order of their own."""
    order = sorted if language in OF_AVAILABLE else list
    check_equal(order(got), order(wanted), "keys")


def check_quoted(text):
    for line in text.splitlines():
        check(re.fullmatch(r'\w+=".*"|(insecure|is_dos|default_disabled)=1|run_max_file_size=\d+G', line),
              f"{line!r} is not quoted")


def unavailable(suite, shell, language):
    """Nothing to be found: the skeleton, byte for byte as recorded where it was."""
    with suite.public_directory() as path:
        for utility in UTILITIES:
            os.symlink(which(utility), f"{path}/{utility}")
        result = probe(suite, which(shell), language, env={"PATH": path})
    check_equal(result.returncode, 1, "exit status")
    check(result.stderr.endswith("... no\n"), f"message {result.stderr!r}")
    if not recorded(language)["version"]:
        check_equal(result.stdout, recorded_text(language), "settings")
    got = parse(result.stdout)
    wanted = [k for k in recorded(language) if k not in OF_AVAILABLE.get(language, [])]
    check_same_keys(language, got, wanted)
    check(result.stdout.startswith('version=\narg=""\n'), "no empty version")
    for key in filter(is_private, got):
        wanted = "false" if key.endswith("RUN") else "/bin/false" if key.endswith("PATH") else ""
        check(f"\n{key}={wanted}\n" in result.stdout, f"{key} is not {wanted!r}")


def switched_off(suite, shell, language):
    result = probe(suite, shell, language, "false")
    check_equal(result.returncode, 1, "exit status")
    check(result.stdout.startswith('version=\narg="false"\n'), "settings " + result.stdout)


def ask(suite, shell, language, mode, env=None):
    args = [] if mode == "none" else [mode]
    result = suite.script(shell, f"{language}-version", *args, cwd=suite.directory(), env=env)
    return result.returncode, result.stdout, result.stderr


def asked_available(suite, shell, language):
    config = suite.directory() / "lang.cfg"
    config.write_text(suite.settings_of(language))
    env = {"EJUDGE_LANG_CONFIG": str(config)}
    values = parse(config.read_text())
    name, version = values["long_name"], values["version"]
    answers = {
        "-l": MODES[language]["-l"]["stdout"],
        "-p": "" if language in INTERPRETERS else MODES[language]["-p"]["stdout"],
        "-f": f"{name} {version}\n",
        "none": f"{version}\n",
    }
    if language == "custom":
        answers = {mode: MODES["custom"][mode]["stdout"] for mode in MODES["custom"]}
    elif not answers["-p"]:
        main = TOOL_KEYS.get(language) or next(k for k in values if k.endswith(("RUN", "PATH")))
        answers["-p"] = values[main] + "\n"
    for mode, text in answers.items():
        check_equal(ask(suite, shell, language, mode, env), (0, text, ""), mode)
        if mode == "-p" and language != "custom":
            moved = suite.config / f"{language}.cfg"
            moved.write_text(config.read_text())
            check_equal(ask(suite, shell, language, mode), (0, text, ""), "-p from lang.d")
            moved.unlink()
            check_equal(ask(suite, shell, language, mode)[0], 0, "-p without settings")


def asked_unavailable(suite, shell, language):
    config = suite.directory() / "lang.cfg"
    config.write_text(probe(suite, shell, language, "false").stdout)
    env = {"EJUDGE_LANG_CONFIG": str(config)}
    check_equal(ask(suite, shell, language, "-l", env), (0, MODES[language]["-l"]["stdout"], ""), "-l")
    for mode in ("-p", "-f", "none"):
        check_equal(ask(suite, shell, language, mode, env), (1, "", UNSUPPORTED), mode)


def explicit_tool(suite, shell, language):
    """--with-LANGUAGE=PATH: recorded as the argument and as the tool."""
    path = which(TOOLS[language][0])
    result = probe(suite, shell, language, path)
    check_equal(result.returncode, 0, f"exit status ({result.stderr})")
    got = parse(result.stdout)
    check_equal(got["arg"], path, "arg")
    check(path in [got[k] for k in got if is_private(k)], "the tool is another one")
    for key in ("GCCDIR", "GPPDIR", "CLANGDIR", "FPCDIR", "GFORTRANDIR", "RUSTDIR", "GHCDIR", "GODIR", "NASMDIR",
                "GPROLOGDIR"):
        if language == "nasm-x86" and key == "GCCDIR":
            continue
        check_equal(got.get(key, os.path.dirname(path)), os.path.dirname(path), key)


def fake(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


FAKE_PYTHON = f"""[ "$1" != -V ] || {{ echo Python 9.9.9; exit 0; }}; exec {which('python3')} "$@" """


def private_programs(suite, shell):
    """A program that other users cannot reach is not what gets recorded."""
    private = suite.directory()
    private.chmod(0o700)
    program = fake(private / "python3", FAKE_PYTHON)
    path = f"{private}:{SYSTEM_PATH}"
    got = parse(probe(suite, shell, "python3", env={"PATH": path}).stdout)
    check_equal(got["PYTHONPATH"], which("python3"), "first in PATH, but private")
    fake(private / "gcc", "exec false")
    got = parse(probe(suite, shell, "gcc", env={"PATH": path}).stdout)
    check_equal((got["GCCRUN"], got["GCCDIR"]), ("gcc", ""), "others do not find the private one anyway")
    with suite.public_directory() as public:
        os.symlink(program, f"{public}/python3")
        got = parse(probe(suite, shell, "python3", env={"PATH": f"{public}:{SYSTEM_PATH}"}).stdout)
    check_equal(got["PYTHONPATH"], which("python3"), "a link to a private program")


def private_program_alone(suite, shell):
    private = suite.directory()
    private.chmod(0o700)
    fake(private / "only-here", FAKE_PYTHON)
    (suite.config / "python3.env").write_text("PYTHONPATH=only-here\n")
    try:
        result = probe(suite, shell, "python3", env={"PATH": f"{private}:{SYSTEM_PATH}"})
    finally:
        (suite.config / "python3.env").unlink()
    if os.geteuid() == 0:
        check_equal(parse(result.stdout)["PYTHONPATH"], "/bin/false", "only root could run it")
        check("other users may not run" in result.stderr, "no reason given")
    else:
        check_equal(parse(result.stdout)["PYTHONPATH"], f"{private}/only-here", "the user's own")


def public_programs(suite, shell):
    """The first in PATH wins where everyone may run it; compilers stay bare names."""
    with suite.public_directory() as public:
        os.mkdir(f"{public}/bin", 0o755)
        program = fake(suite.work / "fake", FAKE_PYTHON)
        os.rename(program, f"{public}/bin/python3")
        got = parse(probe(suite, shell, "python3", env={"PATH": f"{public}/bin:{SYSTEM_PATH}"}).stdout)
        check_equal((got["version"], got["PYTHONPATH"]), ("9.9.9", f"{public}/bin/python3"), "interpreter")
    with suite.public_directory() as public:
        private = suite.directory()
        private.chmod(0o700)
        os.symlink(fake(private / "gcc", "exec false"), f"{public}/gcc")
        got = parse(probe(suite, shell, "gcc", env={"PATH": f"{public}:{SYSTEM_PATH}"}).stdout)
        check_equal((got["GCCRUN"], got["GCCDIR"]), (which("gcc"), os.path.dirname(which("gcc"))), "a bare name would lead astray")


def environment_file(suite, shell):
    (suite.config / "gcc.env").write_text(f"GCCRUN={which('gcc')}\n")
    try:
        got = parse(probe(suite, shell, "gcc").stdout)
        check_equal((got["arg"], got["GCCRUN"]), ("", which("gcc")), "preset")
        got = parse(probe(suite, shell, "gcc", "gcc").stdout)
        check_equal((got["arg"], got["GCCRUN"]), ("gcc", "gcc"), "argument over preset")
    finally:
        (suite.config / "gcc.env").unlink()


def callers_python_path(suite, shell):
    got = parse(probe(suite, shell, "python3", env={"PYTHONPATH": "/bin/true"}).stdout)
    check_equal(got["PYTHONPATH"], which("python3"), "PYTHONPATH")


def hostile_argument(suite, shell):
    """Whatever the argument, the settings stay readable and run nothing."""
    cwd = suite.directory()
    for argument in ("$(touch HIT)", "`touch HIT`", 'x"; touch HIT; y="', "a\\", "a\nb=1", "it's $x"):
        result = probe(suite, shell, "gcc", argument)
        check_equal(result.returncode, 1, "exit status")
        parse(result.stdout)
        (cwd / "lang.cfg").write_text(result.stdout)
        done = suite.run([shell, "-c", '. ./lang.cfg; printf %s "$arg"'], cwd)
        check_equal(os.listdir(cwd), ["lang.cfg"], argument)
        check(done.stdout in (argument, ""), f"{argument!r} became {done.stdout!r}")


def microsoft_csharp(suite, shell):
    """csc comes first, if it is the right one."""
    real = which("mcs")
    text = (f"case $1 in /version) echo '3.9.0-6.21124.20 (db94f4cc)';; *) exec {real} \"$@\";; esac")
    with suite.public_directory() as public:
        program = fake(suite.work / "fake", text)
        os.rename(program, f"{public}/csc")
        env = {"PATH": f"{public}:{SYSTEM_PATH}"}
        result = probe(suite, shell, "mcs", env=env)
        got = parse(result.stdout)
        check_equal((got["MCSRUN"], got["long_name"], got["version"]),
                    ("csc", "Microsoft Visual C#", "3.9.0-6.21124.20 (db94f4cc)"), "csc")
        config = suite.directory() / "lang.cfg"
        config.write_text(result.stdout)
        env["EJUDGE_LANG_CONFIG"] = str(config)
        check_equal(ask(suite, shell, "mcs", "-f", env)[1],
                    "Microsoft Visual C# 3.9.0-6.21124.20 (db94f4cc)\n", "-f")
        os.rename(fake(suite.work / "fake", "echo 'CHICKEN'; exit 0"), f"{public}/csc")
        got = parse(probe(suite, shell, "mcs", env={"PATH": f"{public}:{SYSTEM_PATH}"}).stdout)
        check_equal(got["MCSRUN"], "mcs", "another program called csc")


def java_versions(suite, shell):
    """What --release gets, for versions that are not installed here."""
    for version, release in (("21", "21"), ("21-ea", "21"), ("11.0.2", "11"), ("1.8.0_392", "1.8")):
        with suite.public_directory() as public:
            os.mkdir(f"{public}/bin", 0o755)
            programs = {"javac": 'echo "$2" >release; : >conftest.class', "jar": ":",
                        "java": f'case $1 in -version) echo \'openjdk version "{version}" x\' >&2;; *) echo OK;; esac'}
            for name, text in programs.items():
                os.rename(fake(suite.work / "fake", text), f"{public}/bin/{name}")
            cwd = suite.directory()
            result = suite.script(shell, "javac-version", "-r", f"{public}/bin/javac", cwd=cwd)
            got = parse(result.stdout)
            check_equal((got["version"], got["JAVAVER"], got["JAVADIR"], got["JAVARUN"]),
                        (version, release, public, f"{public}/bin/java"), version)
            check_equal((cwd / "release").read_text(), f"{release}\n", "--release")


def clang_without_vendor(suite, shell):
    with suite.public_directory() as public:
        program = fake(suite.work / "fake",
                       f"[ \"$1\" = -v ] || exec {which('gcc')} \"$@\"; echo 'clang version 19.1.0 (x)' >&2")
        os.rename(program, f"{public}/clang")
        got = parse(probe(suite, shell, "clang", f"{public}/clang").stdout)
    check_equal(got["version"], "19.1.0", "version")


def broken_compiler(suite, shell):
    """A compiler that says its version and makes nothing is unavailable, with the reason."""
    with suite.public_directory() as public:
        program = fake(suite.work / "fake", "[ \"$1\" = -v ] && echo 'gcc version 9.9.9 (x)' || { echo no licence; exit 3; }")
        os.rename(program, f"{public}/gcc")
        result = probe(suite, shell, "gcc", f"{public}/gcc")
    check_equal(result.returncode, 1, "exit status")
    check("no licence" in result.stderr, "no reason given")


def without_32_bit(suite, shell, language):
    """A compiler whose programs the kernel does not run is unavailable, with the reason."""
    result = probe(suite, shell, language)
    check_equal(result.returncode, 1, f"exit status ({result.stderr})")
    check(result.stderr.endswith("... no\n  this kernel runs no 32-bit programs\n"), f"message {result.stderr!r}")
    check(result.stdout.startswith('version=\narg=""\n'), "settings " + result.stdout)


def unknown_option(suite, shell):
    for language in ("gcc", "custom"):
        result = suite.script(shell, f"{language}-version", "-x", cwd=suite.directory())
        check_equal((result.returncode, result.stdout), (1, ""), language)
        check(result.stderr.startswith("usage: "), "no usage")


def gfortran_version(suite, shell):
    version = parse(probe(suite, shell, "gfortran").stdout)["version"]
    check(re.fullmatch(r"\d+\.\d+\.\d+", version), f"version {version!r}")


def run(suite):
    shells = list(filter(which, SHELLS))
    for language in TOOLS:
        installed = suite.wants(language)
        is_refused = not runs_here(language) and suite.installed(language)
        for shell in shells:
            name = f"version.{{}}.{language}.{shell}"
            is_real = installed and shell in shells_for(language)
            if is_real:
                suite.test(name.format("available"), available, suite, shell, language)
                suite.test(name.format("asked"), asked_available, suite, shell, language)
            if is_refused:
                suite.test(name.format("without_32_bit"), without_32_bit, suite, shell, language)
            if language == "custom":
                continue
            suite.test(name.format("unavailable"), unavailable, suite, shell, language)
            suite.test(name.format("switched_off"), switched_off, suite, shell, language)
            suite.test(name.format("asked_unavailable"), asked_unavailable, suite, shell, language)
            if is_real:
                suite.test(name.format("explicit_tool"), explicit_tool, suite, shell, language)
    tests = {
        private_programs: "python3", private_program_alone: "python3", public_programs: "python3",
        callers_python_path: "python3", environment_file: "gcc", hostile_argument: "gcc",
        microsoft_csharp: "mcs", java_versions: "custom", clang_without_vendor: "gcc",
        broken_compiler: "custom", unknown_option: "custom", gfortran_version: "gfortran",
    }
    for test, language in tests.items():
        for shell in shells:
            if suite.installed(language):
                suite.test(f"version.{test.__name__}.{shell}", test, suite, shell)
