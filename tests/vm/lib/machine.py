# SPDX-License-Identifier: Apache-2.0
"""The guest as a test sees it: its control groups, its programs, and a place to say how a test went."""

import os
import pathlib
import re
import subprocess
import time

GROUPS = pathlib.Path("/sys/fs/cgroup")
ORDINARY_USER = 61999
PATIENCE = 900  # seconds for one command; an emulated machine is slow. The host ends what takes too long as a whole
RESULT = re.compile(r"\[ +(OK|FAILED|SKIPPED) +\] (\S+?),? .*\(\d+ ms\)$")


class Failure(Exception):
    pass


def expect(condition, why):
    if not condition:
        raise Failure(why)


class Machine:
    def __init__(self, source, build, kind, only):
        self.source = source
        self.build = build
        self.kind = kind
        self.only = only
        # Not emulated: what other tests give a time limit ends within it.
        self.is_quick = "kvm" in pathlib.Path("/sys/devices/system/clocksource/clocksource0/available_clocksource").read_text()
        self.jail = str(build / "ej-jail")
        os.environ.update(SRC=str(source), BUILD=str(build), EJ_JAIL=self.jail, TMPDIR="/tmp", JOBS="1", HOME="/root")

    @staticmethod
    def uptime():
        return pathlib.Path("/proc/uptime").read_text().split()[0]

    @staticmethod
    def memory():
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    # --- what is said

    def say(self, name, problem=None, output=""):
        if problem is None:
            print("ok %s.%s" % (self.kind, name), flush=True)
            return
        print("FAIL %s.%s: %s" % (self.kind, name, problem))
        for line in output.splitlines()[-40:]:
            print("    " + line)
        print(end="", flush=True)

    def note(self, text):
        print("note %s: %s" % (self.kind, text), flush=True)

    def test(self, function):
        """Runs one test, a function of the machine."""
        name = function.__name__
        if self.only not in name:
            return
        start = time.monotonic()
        try:
            function(self)
        except (Failure, OSError, subprocess.SubprocessError) as failure:
            self.say(name, str(failure).replace("\n", " | "))
        else:
            self.say(name)
        self.note("%s took %.1f s" % (name, time.monotonic() - start))

    # --- programs

    @staticmethod
    def start(*command, within=None, user=None):
        """In the control group `within`, a directory; as `user`. What it prints is one text."""
        words = list(map(str, command))
        if user is not None:
            ids = ["--reuid", str(user), "--regid", str(user), "--clear-groups"]
            words = ["/usr/bin/setpriv", *ids, *words]
        if within is not None:
            words = ["/bin/sh", "-c", 'echo 0 >"$0/cgroup.procs" && exec "$@"', str(within), *words]
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, cwd="/", **output)

    def run(self, *command, **how):
        """What it printed, and its exit status, as subprocess.run gives them."""
        process = self.start(*command, **how)
        try:
            said = process.communicate(timeout=PATIENCE)[0]
        finally:
            process.kill()
        return subprocess.CompletedProcess(command, process.returncode, said)

    def jail_run(self, *command, **how):
        return self.run(self.jail, "run", "--uid", "61000", *command, **how)

    def google_test(self, name, tests, **how):
        """Each test of the program counts as one of ours, and is said when it has ended."""
        if self.only not in name:
            return
        start = time.monotonic()
        program = self.build / "tests/jail/jail_test"
        process = self.start(program, "--gtest_color=no", "--gtest_filter=" + tests, **how)
        held = []
        count = failed = 0
        for line in process.stdout:
            held = [] if line.startswith("[ RUN") else [*held, line]
            result = RESULT.match(line)
            if result is not None:
                count += 1
                failed += result[1] != "OK"
                self.say("%s.%s" % (name, result[2]), None if result[1] == "OK" else result[1].lower(), "".join(held))
        if count == 0 or (process.wait() != 0 and failed == 0):
            self.say(name, "exit status %d" % process.wait(), "".join(held))
        self.note("%s: %d tests took %.1f s" % (name, count, time.monotonic() - start))

    def lines_of(self, name, *command):
        """A program that says "ok NAME" and "FAIL NAME: why" itself."""
        if self.only not in name:
            return
        start = time.monotonic()
        process = self.start(*command)
        held = []
        count = failed = 0
        for line in process.stdout:
            held.append(line)
            word, _, rest = line.rstrip().partition(" ")
            if word not in ("ok", "FAIL", "SKIP", "MISSING"):
                continue
            count += 1
            failed += word != "ok"
            self.say("%s.%s" % (name, rest.split(":")[0]), None if word == "ok" else line.rstrip(), "".join(held))
        if count == 0 or (process.wait() != 0 and failed == 0):
            self.say(name, "exit status %d" % process.wait(), "".join(held))
        self.note("%s took %.1f s" % (name, time.monotonic() - start))
