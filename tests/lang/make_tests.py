# SPDX-License-Identifier: Apache-2.0
"""Archives with a Makefile."""

import shutil
import tarfile
import zipfile

from harness import SHELLS, check, check_equal, which

MAKEFILE = """solution: solution.c
	$(CC) $(CFLAGS) solution.c -o solution
clean:
	rm -f solution
"""
SOURCE = '#include <stdio.h>\n#ifndef ANSWER\n#define ANSWER 1\n#endif\nint main(void) { printf("%d\\n", ANSWER); return 0; }\n'
# Kind of archive: the program without which it cannot be tried.
KINDS = {"tar": "tar", "gz": "gzip", "bz2": "bzip2", "xz": "xz", "zip": "unzip", "7z": "7z"}


class Job:
    def __init__(self, suite, shell, language, directory="solution", kind="tar", **files):
        self.suite, self.shell, self.language = suite, shell, language
        self.cwd = suite.directory()
        (self.cwd / "lang.cfg").write_text('version="4.3"\nMAKEPATH=/usr/bin/make\n')
        self.source = self.cwd / "f1.tar"
        place = suite.directory() / directory
        place.mkdir()
        for name, text in {"Makefile": MAKEFILE, "solution.c": SOURCE, **files}.items():
            (place / name).write_text(text)
        self._pack(place, kind)

    def _pack(self, place, kind):
        if kind == "zip":
            with zipfile.ZipFile(self.source, "w") as archive:
                for path in place.iterdir():
                    archive.write(path, path.relative_to(place.parent))
        elif kind == "7z":
            packed = self.suite.run(["7z", "a", self.cwd / "f1.7z", place.name], place.parent)
            check_equal(packed.returncode, 0, packed.stdout)
            shutil.move(self.cwd / "f1.7z", self.source)
        else:
            with tarfile.open(self.source, "w:" + kind.removeprefix("tar")) as archive:
                archive.add(place, place.name)

    def build(self, **env):
        return self.suite.script(self.shell, self.language, self.source.name, "f2", cwd=self.cwd,
                                 env={"EJUDGE_LANG_CONFIG": f"{self.cwd}/lang.cfg", **env})

    def prints(self, text, **env):
        result = self.build(**env)
        check_equal(result.returncode, 0, f"status ({result.stdout}{result.stderr})")
        ran = self.suite.run([self.cwd / "f2"], self.cwd)
        check_equal((ran.returncode, ran.stdout), (0, text), f"run ({ran.stderr})")

    def refused(self, complaint, **env):
        result = self.build(**env)
        check(result.returncode != 0, "built")
        check(complaint in result.stdout + result.stderr, f"log: {result.stdout}{result.stderr}")
        check(not (self.cwd / "f2").exists(), "an output")


def kinds(suite, shell, language):
    """By what it is; the name always ends in .tar."""
    for kind, program in KINDS.items():
        if which(program):
            Job(suite, shell, language, kind=kind).prints("1\n")


def settings(suite, shell, language):
    Job(suite, shell, language).prints("7\n", EJ_MAKE_CFLAGS="-O2 -DANSWER=7")
    Job(suite, shell, language).prints("7\n", EJ_MAKE_ARGS="CFLAGS=-DANSWER=7")
    plus = MAKEFILE.replace("$(CFLAGS)", "$(CXXFLAGS)")
    Job(suite, shell, language, Makefile=plus).prints("7\n", EJ_MAKE_CXXFLAGS="-DANSWER=7 -O2")
    named = MAKEFILE.replace("solution:", "program:").replace("-o solution", "-o program")
    Job(suite, shell, language, "the work", Makefile=named).prints("1\n", EJ_PROGRAM_DIR="the work", EJ_PROGRAM_NAME="program")


def commands(suite, shell, language):
    """First clean, then the program; by the command that the problem names, else by the one that was found."""
    recorder = '#!/bin/sh\nprintf \'%s|\' "$@" >>../log\necho >>../log\n: >solution\n'
    for env, wanted in (({}, "|\nclean|\n"), ({"EJ_MAKE_CFLAGS": "-O2 -g"}, "CFLAGS=-O2 -g|\nclean|CFLAGS=-O2 -g|\n")):
        for name in ("chosen", "configured"):
            job = Job(suite, shell, language)
            path = job.cwd / name
            path.write_text(recorder)
            path.chmod(0o755)
            if name == "configured":
                (job.cwd / "lang.cfg").write_text(f'version="4.3"\nMAKEPATH="{path}"\n')
            else:
                env = {**env, "EJ_MAKE_COMMAND": str(path)}
            check_equal(job.build(**env).returncode, 0, "status")
            log = (job.cwd / "log").read_text().splitlines()
            check_equal(sorted(log), sorted(wanted.splitlines()), name)
            check(log[0].startswith("clean|"), f"order {log}")


def stale_program(suite, shell, language):
    """A program that was in the archive is not the answer, though its date lies in the future."""
    Job(suite, shell, language, solution="old").prints("1\n")
    Job(suite, shell, language, solution="old", Makefile="clean:\nsolution:\n\t:\n").refused("made no solution")


def refusals(suite, shell, language):
    Job(suite, shell, language, "other").refused("no directory solution")
    Job(suite, shell, language, Makefile=MAKEFILE.replace("rm -f", "false")).refused("clean")
    Job(suite, shell, language, Makefile=MAKEFILE.replace("clean:", "tidy:")).refused("clean")
    Job(suite, shell, language, **{"solution.c": "int main(void) { return x; }\n"}).refused("undeclared")
    job = Job(suite, shell, language)
    job.source.write_text("no archive\n")
    job.refused("cannot be unpacked")
    job.source.write_bytes(b"PK\3\4 nor this")
    job.refused("cannot be unpacked")
    job.source.unlink()
    job.refused("cannot be unpacked")


def run(suite):
    for program in KINDS.values():
        if not which(program):
            suite.report_missing(program)
    for shell in filter(which, SHELLS):
        for language in ("make", "make-vg"):
            for test in (kinds, settings, commands, stale_program, refusals):
                suite.test(f"make.{test.__name__}.{language}.{shell}", test, suite, shell, language)
