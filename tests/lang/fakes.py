# SPDX-License-Identifier: Apache-2.0
"""Imitations of compilers that Debian lacks or that are too big: they say their version
as the real ones do, write down how they were started and make programs that print OK."""

import os

from harness import SHELLS, narrow_program, which

# What the scripts need beside the imitations.
UTILITIES = ("awk", "cat", "chmod", "cp", "env", "find", "grep", "id", "mkdir", "mv", "od", "readlink", "rm",
             "sed", "sh", "tar", "touch", "tr", "gzip")

# Goes in front of each imitation: notes the command, finds the output's name.
PREAMBLE = r"""#!/bin/sh
if [ -n "${FAKE_LOG-}" ]; then
  { printf '%s' "${0##*/}"; [ $# = 0 ] || printf '|%s' "$@"; echo; } >>"$FAKE_LOG"
fi
out='' source='' previous=''
for word; do
  case $previous in -o | -x | -d) out=$word ;; esac
  case $word in
  -femit-bin=*) out=${word#*=} ;;
  -out:*) out=${word#*:} ;;
  -o?*) out=${word#-o} ;;
  esac
  [ ! -f "$word" ] || source=$word
  previous=$word
done
program() {
  if [ -n "${FAKE_FAILURE-}" ]; then echo wrong; exit 7; fi
  printf '%s\n' "${2:-#!/bin/sh}" 'echo OK' >"$1"; chmod +x "$1"
}
version() { printf '%s\n' "$1"; exit; }
"""
RUN = "echo OK"
MONO = """[ "$1" != --version ] || version 'Mono JIT compiler version 6.8.0.105 (Debian 6.8.0.105+dfsg-3.3)'
case $1 in *pabcnetc.exe)
  [ $# -gt 1 ] || version 'PascalABCCompiler.Core v3.8.3.3272
Copyright (c) 2005-2024 by Ivan Bondarev'
  program "${source%.*}.exe" ;;
*) echo OK ;;
esac"""
FPC_32 = """[ "$1" != -h ] || version 'Free Pascal Compiler version 3.2.2 [2021/05/19] for i386'
[ -n "${FAKE_FAILURE-}" ] || cp "${0%/*}/narrow-program" "$out" """
JAVA_7 = """[ "$1" != -version ] || version 'java version "1.7.0_80"
Java(TM) SE Runtime Environment (build 1.7.0_80-b15)'
echo OK"""
DOTNET = r"""case $1 in
--version) version 8.0.404 ;;
new)
  mkdir -p "$6"
  [ "$4" != 'c#' ] || suffix=cs
  echo '  <TargetFramework>net8.0</TargetFramework>' >"$6/$6.${suffix:-vb}proj"
  echo old >"$6/Program.${suffix:-vb}" ;;
build)
  if [ -n "${FAKE_FAILURE-}" ]; then echo wrong; exit 7; fi
  directory=${4:-.}
  mkdir -p "$directory/bin/Release/net8.0"
  cat "$directory"/*.?? "$directory"/*.??proj >"$directory/bin/Release/net8.0/${4:-solution}.dll" ;;
*) echo OK ;;
esac"""
KUMIR = 'case $1 in --run) echo OK ;; --check) [ -z "${FAKE_FAILURE-}" ] || { echo wrong; exit 7; } ;; esac'


def says(option, text, rest='program "$out"'):
    return f"case $1 in {option}) version '{text}' ;; esac\n{rest}"


PYTHON_2 = says("-V", "Python 2.7.18", 'grep -q \'^print "OK"$\' "$source" && echo OK')
KOTLIN = says("-version", "Kotlin version 1.9.22-release-704 (JRE 17.0.15+6)", RUN)
SCALA = says("-version", "Scala code runner version 2.11.12 -- Copyright 2002-2017, LAMP/EPFL", RUN)
FBC = says("-version", "FreeBASIC Compiler - Version 1.10.1 (2023-12-24), built for linux-x86 (32bit)")
VBNC = says("/help", "Visual Basic.Net Compiler version 0.0.0.5943 (Mono 4.0 - tarball)")
JAVAC = 'if [ -n "${FAKE_FAILURE-}" ]; then echo wrong; exit 7; fi; : >"${source%.*}.class"'

# Language: programs, and what the settings say of them besides what is always said;
# BIN is their directory, HOME the one above.
FAKES = {
    "gpc": ({"gpc": says("--version", "20070904, based on gcc-4.1.3 20080704 (prerelease)")},
            {"version": "20070904", "GPCRUN": "gpc", "GPCDIR": ""}),
    "gcj": ({"gcj": says("--version", "gcj (Debian 4.9.2-10) 4.9.2")},
            {"version": "4.9.2", "GCJRUN": "gcj", "GCJDIR": ""}),
    "g77": ({"g77": says("--version", "GNU Fortran (GCC) 3.4.6 20060404 (Red Hat 3.4.6-4)")},
            {"version": "3.4.6", "G77RUN": "g77", "G77DIR": ""}),
    "fpc-32": ({"fpc": FPC_32, "narrow-program": narrow_program()}, {"version": "3.2.2", "FPCRUN": "fpc", "FPCDIR": ""}),
    "dcc": ({"dcc": "case $1 in -h) echo 'Borland Delphi for Linux Version 14.5'; exit 1 ;; esac\n"
                    'program "${source%.*}"'},
            {"version": "14.5", "DCCRUN": "dcc", "DCCDIR": ""}),
    "fbc": ({"fbc": FBC}, {"version": "1.10.1", "FBCRUN": "fbc", "FBCDIR": ""}),
    "fbc-32": ({"fbc": FBC}, {"version": "1.10.1", "FBCRUN": "fbc", "FBCDIR": ""}),
    "yabasic": ({"yabasic": says("--version", "yabasic 2.90.3, built on x86_64-pc-linux-gnu", RUN)},
                {"version": "2.90.3", "YABASICPATH": "BIN/yabasic"}),
    "python": ({"python2": PYTHON_2}, {"version": "2.7.18", "PYTHONPATH": "BIN/python2"}),
    "pypy": ({"pypy": PYTHON_2}, {"version": "2.7.18", "PYTHONPATH": "BIN/pypy"}),
    "mzscheme": ({"mzscheme": says("--version", "Welcome to Racket v8.7 [cs].", RUN)},
                 {"version": "8.7", "MZSCHEMEPATH": "BIN/mzscheme"}),
    "mars": ({"mars-simulator": '[ "$MARS_HELP" = 1 ] && version "MARS 4.5  Copyright 2003-2014 Pete Sanderson"'},
             {"version": "4.5", "MARSPATH": "BIN/mars-simulator"}),
    "rars": ({"rars-simulator": '[ "$RARS_HELP" = 1 ] && version "RARS 1.5  Copyright 2003-2019 Pete Sanderson"'},
             {"version": "1.5", "RARSPATH": "BIN/rars-simulator"}),
    "tsnode": ({"ts-node": says("--version", "v10.9.1", RUN)}, {"version": "10.9.1", "NODEPATH": "BIN/ts-node"}),
    "postgres": ({"psql": says("--version", "psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)")},
                 {"version": "15.18", "PSQLPATH": "BIN/psql", "enable_ejudge_env": "1", "preserve_line_numbers": "1",
                  "clean_up_cmd": "LIBEXEC/ejudge/bin/ej-postgres-cleanup"}),
    "gprolog": ({"gplc": says("--version", "Prolog compiler (GNU Prolog) 1.4.5")},
                {"version": "1.4.5", "GPLCRUN": "gplc", "GPROLOGDIR": ""}),
    "swift": ({"swiftc": says("--version", "Swift version 5.9.2 (swift-5.9.2-RELEASE)")},
              {"version": "5.9.2", "SWRUN": "swiftc", "SWDIR": ""}),
    "zig": ({"zig": says("version", "0.15.1")}, {"version": "0.15.1", "ZIGRUN": "zig", "ZIGDIR": ""}),
    "javac7": ({"java": JAVA_7, "javac": JAVAC, "jar": 'program "$2"'},
               {"version": "1.7.0_80", "JAVARUN": "java", "JAVACRUN": "javac", "JAVADIR": "HOME", "JAVAVER": "1.7"}),
    "scala": ({"scala": SCALA, "scalac": 'program "$out"'},
              {"version": "2.11.12", "SCALARUN": "scala", "SCALACRUN": "scalac", "SCALADIR": "HOME"}),
    "kotlin": ({"kotlin": KOTLIN, "kotlinc": 'program "$out"', "java": RUN},
               {"version": "1.9.22-release-704", "KOTLINRUN": "kotlin", "KOTLINCRUN": "kotlinc"}),
    "vbnc": ({"vbnc": VBNC, "mono": MONO},
             {"version": "0.0.0.5943", "MONORUN": "mono", "MONODIR": "", "MONOVER": "6.8.0.105", "VBNCRUN": "vbnc",
              "VBNCDIR": ""}),
    "pasabc-linux": ({"mono": MONO, "pabcnetc.exe": ""},
                     {"version": "v3.8.3.3272", "MONORUN": "mono", "MONODIR": "", "MONOVER": "6.8.0.105",
                      "PASABC": "BIN/pabcnetc.exe", "arg": "BIN/pabcnetc.exe"}),
    "dotnet-cs": ({"dotnet": DOTNET}, {"version": "8.0.404", "DOTNETRUN": "dotnet", "DOTNETDIR": "",
                                       "DOTNETTARGET": "net8.0", "DOTNETMAJOR": "8"}),
    "dotnet-vb": ({"dotnet": DOTNET}, {"version": "8.0.404", "DOTNETRUN": "dotnet", "DOTNETDIR": "",
                                       "DOTNETTARGET": "net8.0", "DOTNETMAJOR": "8"}),
    "kumir": ({"ckumir": KUMIR}, {"version": "unknown", "KUMIRPATH": "BIN/ckumir", "secure": "1"}),
    "kumir2": ({"kumir2-bc": 'program "${source%.*}.kod"'},
               {"version": "unknown", "KUMIRPATH": "BIN/kumir2-bc", "secure": "1"}),
    "tpc": ({"bpcemu2": 'program "$2"'}, {"version": "7.0", "TPCRUN": "LIBEXEC/ejudge/lang/bpcemu2"}),
    "bcc": ({"bccemu": 'program "$2"'}, {"version": "3.1", "BCCRUN": "LIBEXEC/ejudge/lang/bccemu"}),
    "bpp": ({"bppemu": 'program "$2"'}, {"version": "3.1", "BPPRUN": "LIBEXEC/ejudge/lang/bppemu"}),
    "qb": ({"qbemu": 'program "$2"'}, {"version": "4.5", "QBRUN": "LIBEXEC/ejudge/lang/qbemu"}),
}
# Where these are looked for: not in PATH.
DOS = {"tpc": "BP7/BIN/BPC.EXE", "bcc": "BC31/BIN/BCC.EXE", "bpp": "BC31/BIN/BCC.EXE", "qb": "QB/BC.EXE"}


class Toolchain:
    """A directory HOME/bin that everyone may enter, with the imitations of a language and
    no other compiler; all of PATH."""

    def __init__(self, suite, language, programs=None):
        self.suite, self.language = suite, language
        self._place = suite.public_directory()
        self.home = self._place.name
        self.bin = f"{self.home}/bin"
        os.mkdir(self.bin, 0o755)
        for utility in UTILITIES:
            os.symlink(which(utility), f"{self.bin}/{utility}")
        for name, text in (programs or FAKES[language][0]).items():
            write(f"{self.bin}/{name}", text if isinstance(text, bytes) else PREAMBLE + text + "\n")
        if language in DOS:
            self._make_dosemu()

    def _make_dosemu(self):
        helpers, dosemu = self.suite.libexec / "ejudge/lang", self.suite.contests / "dosemu"
        helpers.mkdir(parents=True, exist_ok=True)
        for name, text in FAKES[self.language][0].items():
            write(helpers / name, PREAMBLE + text + "\n")
        for path in (dosemu / "bin/dos", dosemu / "boot" / DOS[self.language]):
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._place.cleanup()

    def run(self, shell, script, *args, cwd, **env):
        return self.suite.run([which(shell), self.suite.scripts / script, *args], cwd, {"PATH": self.bin, **env})

    def probe(self, shell, cwd, **env):
        """-r, with the argument that the settings name if there is one."""
        wanted = self.settings()
        args = [wanted["arg"]] if "arg" in wanted else []
        return self.run(shell, f"{self.language}-version", "-v", "-r", *args, cwd=cwd, **env)

    def settings(self):
        """What -r has to find."""
        names = {"BIN": self.bin, "HOME": self.home, "LIBEXEC": str(self.suite.libexec)}
        result = {}
        for key, value in FAKES[self.language][1].items():
            first, slash, rest = value.partition("/")
            result[key] = names.get(first, first) + slash + rest
        return result


def write(path, text):
    with open(path, "wb") as stream:
        stream.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, 0o755)


def shells():
    return filter(which, SHELLS)
