# SPDX-License-Identifier: Apache-2.0
"""The language matrix: the built programs configure a site with the installed compilers, and `ejforge lang test` tries
each language in the jail, from the source to the answer of its program."""

import json
import os
import pathlib
import subprocess

from harness import SYSTEM_PATH, which
from samples import SAMPLES

# What the ordinary run tries; with EJF_LANGUAGES=all it is whatever is found.
CORE = {
    "gcc": "gcc", "g++": "g++", "clang": "clang", "fpc": "fpc", "javac": "javac", "python3": "python3",
    "pypy3": "pypy3", "perl": "perl", "ruby": "ruby", "php": "php", "node": "node", "rust": "rustc", "gccgo": "go",
    "ghc": "ghc", "ocaml": "ocamlopt", "mcs": "mcs", "gfortran": "gfortran", "nasm-x86-64": "nasm", "lua": "lua5.4",
    "bash": "bash", "make": "make", "g++-std20": "g++", "kotlin": "kotlinc", "scala": "scalac", "erlang": "escript",
    "r": "Rscript",
}

EJUDGE_XML = """<?xml version="1.0" encoding="utf-8"?>
<config>
  <userdb_file>{home}/data/userlist.xml</userdb_file>
  <contests_home_dir>{home}</contests_home_dir>
  <compile_home_dir>{home}/compile</compile_home_dir>
</config>
"""


def call(site, build, program, *words):
    command = [str(build / program), *words]
    env = {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "HOME": str(site), "TMPDIR": str(site / "tmp")}
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=1100, check=False)


def explain(entry):
    """Why a language has not passed; None if it has."""
    if entry["result"] == "passed":
        return None
    bad = [f"{name}: {check['reason']} {check['log']}" for name, check in entry["checks"].items() if "reason" in check]
    return "; ".join(bad) or "it has no samples"


def configure(suite, site, build, languages):
    home = site / "judges"
    for directory in (home / "data", home / "compile/conf", site / "tmp"):
        directory.mkdir(parents=True)
    (home / "data/ejudge.xml").write_text(EJUDGE_XML.format(home=home))
    options = [f"--only={','.join(languages)}"] if languages else []
    return call(site, build, "ejudge-configure-compilers", "--batch", "--no-jail-test", *options,
                f"--enable-contests-home-dir={home}", f"--enable-lang-script-in-dir={suite.templates}")


def run(suite):
    if not os.environ.get("BUILD"):
        print("SKIP matrix: BUILD does not say where the built programs are")
        return
    build = pathlib.Path(os.environ["BUILD"]).resolve()
    languages = []
    if os.environ.get("EJF_LANGUAGES") != "all":
        languages = [name for name, tool in CORE.items() if which(tool)]
        for name in CORE.keys() - set(languages):
            suite.report_missing(f"matrix.{name}")
    with suite.public_directory() as path:
        site = pathlib.Path(path)
        done = configure(suite, site, build, languages)
        if done.returncode != 0:
            suite.report("matrix.configure", done.stderr[-600:])
            return
        done = call(site, build, "ejforge", "lang", "test", "--json", "--timeout=120", f"--jobs={os.environ.get('JOBS') or os.cpu_count()}",
                    f"--samples={SAMPLES}", f"--ejudge-xml={site}/judges/data/ejudge.xml", f"--local-dir={site}/local")
    try:
        entries = {entry["language"]: entry for entry in json.loads(done.stdout)["languages"]}
    except json.JSONDecodeError:
        suite.report("matrix.test", f"exit status {done.returncode}: {done.stderr}")
        return
    # A processor that a problem has to complete.
    entries.pop("custom", None)
    for language in languages:
        if language not in entries:
            suite.report(f"matrix.{language}", "it is not on")
    for language, entry in entries.items():
        suite.report(f"matrix.{language}", explain(entry))
