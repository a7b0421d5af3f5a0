# SPDX-License-Identifier: Apache-2.0
"""One run of ej-compile: started, watched, ended, and looked after for what it leaves behind."""

import ctypes
import os
import signal
import subprocess
import time

from . import processes
from .harness import Failure, wait_until

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
READY = ":ready: "


class StartFailed(Exception):
    def __init__(self, code, output):
        super().__init__("ej-compile ended with %s instead of getting ready: %s" % (code, output))
        self.code = code
        self.output = output


class Server:
    """`command` is the whole argument list. Standard error goes to `log_path`, where readiness is read from."""

    def __init__(self, command, log_path, umask=None, environment=None, directory=None, pass_fds=(), ready_log=None):
        self.log_path = log_path
        self.ready_log = ready_log or log_path
        self._seen_ready = self._count_ready()

        def prepare():
            # Whoever kills the test with -9 does not leave a server behind.
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if umask is not None:
                os.umask(umask)

        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=prepare,
                env=environment,
                cwd=directory,
                pass_fds=pass_fds,
            )
        self.pid = self.process.pid

    def log(self):
        return self.ready_log.read_text(errors="replace") if self.ready_log.exists() else ""

    def _count_ready(self):
        return self.log().count(READY)

    def wait_ready(self, timeout=20.0):
        """Until it says once more than before that it is ready. Raises StartFailed when it ends instead."""

        def is_ready():
            if self._count_ready() > self._seen_ready:
                return True
            if self.process.poll() is not None:
                raise StartFailed(self.process.returncode, self.log_path.read_text(errors="replace"))
            return False

        wait_until(is_ready, "the server to get ready; its log: " + self.log()[-500:], timeout)
        self._seen_ready = self._count_ready()
        return self

    def is_running(self):
        return self.process.poll() is None

    def send(self, signal_number):
        os.kill(self.pid, signal_number)

    def helpers(self):
        """Every process below the server: the jail's broker, its zygotes, compilers."""
        return processes.descendants(self.pid)

    def broker(self):
        """The ej-jail that the server itself started; None without a jail."""
        for who in self.helpers():
            if processes.program_of(who[0]) == "ej-jail" and processes.parent_of(who[0]) == self.pid:
                return who
        return None

    def runs(self, command):
        """Is a process called `command` at work below the server?"""
        return any(processes.command_of(pid) == command for pid, _ in self.helpers())

    def wait_ended(self, timeout=30.0):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failure("the server did not end within %g s" % timeout) from None

    def stop(self, signal_number=signal.SIGTERM, timeout=30.0):
        """Ends it in the ordinary way. Nothing that it started may live on."""
        if self.process.poll() is not None:
            return self.process.returncode
        below = self.helpers()
        self.send(signal_number)
        code = self.wait_ended(timeout)
        self._no_survivors(below)
        return code

    def kill(self):
        """kill -9, as the machine's out-of-memory killer would."""
        if self.process.poll() is not None:
            return
        below = self.helpers()
        self.process.kill()
        self.process.wait()
        self._no_survivors(below)

    def _no_survivors(self, below):
        end = time.monotonic() + 10
        alive = below
        while alive and time.monotonic() < end:
            alive = [who for who in alive if processes.is_alive(who)]
            if alive:
                time.sleep(0.005)
        if alive:
            names = ", ".join("%d (%s)" % (who[0], processes.command_of(who[0])) for who in alive)
            for who in alive:
                os.kill(who[0], signal.SIGKILL)
            raise Failure("these processes outlived the server by 10 s: " + names)
