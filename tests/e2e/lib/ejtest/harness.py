# SPDX-License-Identifier: Apache-2.0
"""Runs the test functions of one case and prints a line for each.

A case is a program: `main(globals())` at its end runs every function whose name begins with test_, in the order of the
file. The lines are what tests/e2e/run counts: `ok NAME`, `FAIL NAME: why`, `SKIP NAME: why`.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback


# The site's files are for several users, whoever runs the tests.
os.umask(0o022)


class Failure(Exception):
    """An expectation that did not hold; its text is for people."""


class Skip(Exception):
    """This machine lacks what the test needs; says what. In CI that is a failure."""


def expect(condition, why):
    if not condition:
        raise Failure(why)


def expect_equal(got, wanted, what):
    if got != wanted:
        raise Failure("%s: got %s, wanted %s" % (what, _short(got), _short(wanted)))


def expect_in(piece, text, what):
    if piece not in text:
        raise Failure("%s: no %s in %s" % (what, _short(piece), _short(text)))


def _short(value):
    text = repr(value)
    return text if len(text) <= 600 else text[:400] + " ... " + text[-180:]


def wait_until(condition, what, timeout=20.0, step=0.005):
    """The value of `condition` as soon as it is true."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure("waited %g s in vain for %s" % (timeout, what))
        time.sleep(step)


def build_dir():
    return pathlib.Path(os.environ["BUILD"])


def source_dir():
    return pathlib.Path(os.environ["SRC"])


def is_nightly():
    return bool(os.environ.get("EJF_NIGHTLY"))


def is_sanitized():
    """Built with --enable-asan: several times as slow, and with a memory of its own."""
    return "-fsanitize=address" in (build_dir() / "Makefile").read_text()


def is_jailed():
    return os.environ.get("EJF_E2E_NO_JAIL") != "1"


_directory = None


def case_directory():
    """Where this case keeps its files: given by the runner, which decides whether to keep it."""
    global _directory
    if _directory is None:
        given = os.environ.get("EJF_E2E_DIR")
        _directory = pathlib.Path(given or tempfile.mkdtemp(prefix="ejf-e2e-"))
        # Other users of the site must get through.
        _directory.chmod(0o755)
    return _directory


_cleanups = []
_last_cleanups = []


def at_end_of_test(action):
    """Called after the running test, last first, whatever became of it."""
    _cleanups.append(action)


def at_end_of_case(action):
    """The same, after the last test: for what several tests share."""
    _last_cleanups.append(action)


def _clean_up(actions):
    problem = None
    while actions:
        try:
            actions.pop()()
        except Exception as error:  # the other clean-ups must run too
            problem = problem or error
    return problem


def _one_line(error):
    lines = [line for line in str(error).split("\n") if line.strip()]
    return " / ".join(lines) or type(error).__name__


def end_of_case():
    """What went wrong in the clean-ups of the case, or None; for a program that does not call main()."""
    return _clean_up(_last_cleanups)


def _run_one(name, function):
    try:
        function()
        verdict = "ok %s" % name
    except Skip as skip:
        verdict = "SKIP %s: %s" % (name, _one_line(skip))
    except Failure as failure:
        verdict = "FAIL %s: %s" % (name, _one_line(failure))
    except Exception as error:
        traceback.print_exc()
        verdict = "FAIL %s: %s: %s" % (name, type(error).__name__, _one_line(error))
    problem = _clean_up(_cleanups)
    if problem is not None and not verdict.startswith("FAIL"):
        verdict = "FAIL %s: afterwards: %s" % (name, _one_line(problem))
    print(verdict, flush=True)
    return not verdict.startswith("FAIL")


def main(names):
    tests = [(name[5:], value) for name, value in names.items() if name.startswith("test_") and callable(value)]
    wanted = sys.argv[1:]
    all_good = True
    for name, function in tests:
        if not wanted or name in wanted:
            all_good = _run_one(name, function) and all_good
    problem = _clean_up(_last_cleanups)
    if problem is not None:
        print("FAIL the_end_of_the_case: %s" % _one_line(problem), flush=True)
        all_good = False
    if all_good and "EJF_E2E_DIR" not in os.environ and _directory is not None:
        shutil.rmtree(_directory, ignore_errors=True)
    sys.exit(0 if all_good else 1)
