# SPDX-License-Identifier: Apache-2.0
"""A site on which ejudge-configure-compilers is run, and a few ways to look at what it said and did."""

import os
import subprocess

from .harness import Failure


class Site:
    """A contests home with ejudge.xml, and an installation's templates."""

    def __init__(self, program, root, lang_in=None):
        self.program = program
        self.root = root
        self.home = os.path.join(root, "judges")
        self.compile = os.path.join(self.home, "compile")
        self.scripts = os.path.join(self.compile, "scripts")
        self.langd = os.path.join(self.compile, "conf", "lang.d")
        self.cfg = os.path.join(self.compile, "conf", "compile.cfg")
        self.tmp = os.path.join(root, "tmp")
        self.templates = lang_in or os.path.join(root, "lang", "in")
        for path in (self.home + "/data", self.compile + "/conf", self.tmp):
            os.makedirs(path)
        os.makedirs(self.templates, exist_ok=True)
        self.write(
            self.home + "/data/ejudge.xml",
            '<?xml version="1.0" encoding="utf-8"?>\n<config>\n'
            "  <userdb_file>%s/data/userlist.xml</userdb_file>\n"
            "  <contests_home_dir>%s</contests_home_dir>\n"
            "  <compile_home_dir>%s</compile_home_dir>\n</config>\n" % (self.home, self.home, self.compile),
        )

    def write(self, path, text, mode=0o644, age=None):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        if age is not None:
            os.utime(path, (1700000000 - age, 1700000000 - age))

    def add_language(self, name, settings="version=1.0", where=None):
        where = where or self.templates
        self.write("%s/%s.in" % (where, name), '#!/bin/sh\ncp "$1" "$2"\n', 0o755)
        self.write(
            "%s/%s-version.in" % (where, name),
            "#!/bin/sh\nif [ \"$1\" = -l ]; then echo 'The language %s'; exit; fi\n"
            'echo "checking %s: $*" >&2\ncat <<END\n%s\narg="$3"\nsrc_sfx=".%s"\nlong_name="Language %s"\nEND\n'
            % (name, name, settings, name, name),
            0o755,
        )

    def arguments(self, *options):
        return [
            self.program,
            "--enable-contests-home-dir=" + self.home,
            "--enable-lang-script-in-dir=" + self.templates,
            *options,
        ]

    def environment(self, **changes):
        return dict(os.environ, TMPDIR=self.tmp, **changes)

    def run(self, *options, status=0, **kinds):
        """Standard error, or standard output when there is some; the temporary directory must be clean after."""
        done = subprocess.run(
            self.arguments(*options), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
            env=self.environment(), check=False, **kinds,
        )
        equal((done.returncode, done.stderr if done.returncode != status else ""), (status, ""))
        equal(os.listdir(self.tmp), [])
        return done.stdout or done.stderr

    def batch(self, *options, **kinds):
        return self.run("--batch", *options, **kinds)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def mode(path):
    return os.stat(path).st_mode & 0o7777


def has(text, *pieces):
    for piece in pieces:
        if piece not in text:
            raise Failure("no %r in:\n%s" % (piece, text))


def lacks(text, *pieces):
    for piece in pieces:
        if piece in text:
            raise Failure("%r in:\n%s" % (piece, text))


def equal(found, wanted):
    if found != wanted:
        raise Failure("%r instead of %r" % (found, wanted))
