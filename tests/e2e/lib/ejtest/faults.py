# SPDX-License-Identifier: Apache-2.0
"""Faults of the machine, as real as they can be had without breaking it: file systems of the test's own, limits set on
running processes, system calls that fail by strace or by a preloaded library, and a stream of requests that goes through
them."""

import contextlib
import ctypes
import errno
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import time

from . import languages, processes
from .consumer import Consumer
from .harness import Failure, Skip, at_end_of_test, case_directory, expect, expect_equal, is_nightly, source_dir, wait_until
from .packets import STATUS_COMPILE_ERROR, STATUS_OK
from .site import Site

SETTINGS = "[server]\nscan_interval = 200ms\nsync_interval = 50ms\nheartbeat_interval = 200ms\n"
# For faults that last longer than the server would wait for their end.
PATIENT_SETTINGS = SETTINGS + "fault_patience = 300s\n"
LASTS = 65 if is_nightly() else 0.6  # seconds
_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS, _CLONE_NEWUSER = 0x20000, 0x10000000
_MS_REC, _MS_PRIVATE, _MNT_DETACH = 0x4000, 1 << 18, 2


def _check(result, what):
    if result != 0:
        raise Skip("%s: %s" % (what, os.strerror(ctypes.get_errno())))


def own_mounts():
    """This test program and all that it starts see mounts of its own from here on; they end with it."""
    uid, gid = os.getuid(), os.getgid()
    flags = _CLONE_NEWNS | (_CLONE_NEWUSER if os.geteuid() != 0 else 0)
    _check(_libc.unshare(flags), "a mount namespace of the test's own")
    if flags & _CLONE_NEWUSER:
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text("%d %d 1" % (uid, uid))
        pathlib.Path("/proc/self/gid_map").write_text("%d %d 1" % (gid, gid))
    _check(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "private mounts")


class Tmpfs:
    """A file system of its own at `path`, with options such as "size=1m,nr_inodes=50"."""

    def __init__(self, path, options):
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        _check(_libc.mount(b"tmpfs", os.fsencode(path), b"tmpfs", 0, ("mode=0777," + options).encode()), "mount tmpfs")
        at_end_of_test(self.close)

    @contextlib.contextmanager
    def full(self):
        """No byte is left."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        yield
        filler.unlink()

    @contextlib.contextmanager
    def out_of_inodes(self):
        made = []
        with contextlib.suppress(OSError):
            while True:
                made.append(self.path / ("filler%d" % len(made)))
                made[-1].touch()
        yield
        for path in made[:-1]:
            path.unlink()

    def close(self):
        _libc.umount2(os.fsencode(self.path), _MNT_DETACH)


class Shim:
    """A preloaded library (shim.c) and what it is told."""

    def __init__(self, site):
        self.directory = site.root / "shim"
        self.directory.mkdir(mode=0o755)
        library = case_directory() / "shim.so"
        source = source_dir() / "tests/e2e/lib/ejtest/shim.c"
        if not library.exists():
            subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
        self.environment = {**os.environ, "LD_PRELOAD": str(library), "EJF_SHIM": str(self.directory)}
        # The sanitizer's own library would have to come first.
        self.environment["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"

    def _tell(self, name, text):
        temporary = self.directory / "new"
        temporary.write_text(text)
        temporary.rename(self.directory / name)

    def read_only(self, path):
        """A file system turns so by itself after an error; nobody can make one so in which a file is being written."""
        calls = ("create", "rename", "unlink", "write", "touch")
        return self.failing(*((call, errno.EROFS, path) for call in calls))

    @contextlib.contextmanager
    def failing(self, *rules):
        """Each: (call, errno, piece of a path)."""
        self._tell("rules", "".join("%s %d %s\n" % rule for rule in rules))
        yield
        self._tell("rules", "")

    def set_clock(self, seconds_ahead):
        self._tell("clock", str(seconds_ahead))

    def drop_events(self):
        self._tell("drop-events", "")


@contextlib.contextmanager
def failing_calls(pids, call, error):
    """By strace: in all threads of these processes, and in their children."""
    if os.geteuid() != 0:
        raise Skip("only root may trace ej-jail, which is not dumpable")
    if shutil.which("strace") is None:
        raise Skip("strace is missing")
    words = ["strace", "-f", "-q", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=%s:error=%s" % (call, error)]
    for pid in pids:
        words += ["-p", str(pid)]
    tracer = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: tracer.poll() is not None or all(_is_traced(pid) for pid in pids), "strace to attach")
        if tracer.poll() is not None:
            raise Skip("strace cannot attach: " + tracer.stderr.read().decode(errors="replace"))
        yield
    finally:
        _end_tracer(tracer)
        tracer.stderr.close()


def _end_tracer(tracer):
    """It lets go of those that it traces; after SIGKILL the kernel does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(subprocess.TimeoutExpired):
            tracer.send_signal(number)
            tracer.wait(5)
            return


def _is_traced(pid):
    try:
        return "TracerPid:\t0\n" not in pathlib.Path("/proc/%d/status" % pid).read_text()
    except OSError:
        return True


@contextlib.contextmanager
def limited(pids, kind, value):
    """The soft limit of running processes."""
    before = {pid: resource.prlimit(pid, kind) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, kind, (value, hard))
    yield
    for pid, limits in before.items():
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, kind, limits)


def open_files(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def jail_processes(server):
    """The broker, its zygotes, and the inits of jobs, also of those to come."""
    # By its argument: who is not root may not look at the program of a process that is not dumpable.
    found = [who[0] for who in server.helpers() if processes.command_of(who[0]) == "ej-jail"]
    expect(found, "no ej-jail is there")
    return found


def _depth(pid):
    """Of the pid namespace in which it is; 0 when it has ended."""
    try:
        status = pathlib.Path("/proc/%d/status" % pid).read_text()
    except OSError:
        return 0
    return next(len(line.split()) - 1 for line in status.splitlines() if line.startswith("NSpid:"))


def _host_names(pid):
    """Its namespace for host names: a zygote has one of its own, the sweeper has not."""
    try:
        return os.readlink("/proc/%d/ns/uts" % pid)
    except OSError:
        return pid  # another user's, or it has ended


def zygotes(server):
    """The processes of jobs have a pid namespace of their own."""
    broker = server.broker()[0]
    same_pids = [pid for pid in jail_processes(server) if pid != broker and _depth(pid) == _depth(broker)]
    return [pid for pid in same_pids if _host_names(pid) != _host_names(broker)]


class Stream:
    """A site, its server, and requests whose answers are taken as ej-contests does."""

    KINDS = (
        ("copy me\n", languages.COPY, STATUS_OK),
        ("wrong\n", languages.FAIL, STATUS_COMPILE_ERROR),
        ("x" * 70_000, languages.SUFFIXED, STATUS_OK),
    )

    def __init__(self, settings=PATIENT_SETTINGS, site=None, environment=None, uid=None, arguments=()):
        self.site = site or Site(settings=settings)
        self.site.launch(self.site.command("-i")).wait_ended()
        self.consumer = Consumer(self.site)
        self.wanted = {}  # run name: statuses that will do
        self.tickets = {}
        if uid is not None:
            subprocess.run(["chmod", "-R", "a+rwX", self.site.spool, self.site.local], check=True)
        self.server = self.site.start(*arguments, environment=environment, uid=uid)
        self.identity = processes.identity(self.server.pid)
        self.before = 0

    def submit(self, source, language, *statuses, **fields):
        ticket = self.site.submit(source, language, **fields)
        self.tickets[ticket.run_name] = ticket
        self.wanted[ticket.run_name] = statuses
        return ticket

    def submit_some(self):
        for kind in self.KINDS:
            self.submit(*kind)

    def pump(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.consumer.pump(0.02)

    def wait_answers(self, timeout=60):
        def all_there():
            self.consumer.pump(0.02)
            return len(self.consumer.appeared) >= len(self.wanted)

        try:
            wait_until(all_there, "all answers", timeout)
        except Failure:
            missing = [self.tickets[name].name for name in self.wanted if name not in self.consumer.appeared]
            raise Failure("no answer to %r" % missing) from None

    def wait_taken(self, *tickets):
        queue = self.site.request_base / "queue/dir"
        wait_until(lambda: not any((queue / ticket.name).exists() for ticket in tickets), "the requests to be taken")

    def mark(self):
        """Lines of the log are counted from here."""
        self.before = len(self.server.log().splitlines())

    def forget_failed(self):
        """What the test itself could not write for want of room."""
        for part in ("src", "queue/in"):
            for path in (self.site.request_base / part).iterdir():
                if not any(ticket.name in path.name for ticket in self.tickets.values()):
                    path.unlink()

    def lines(self, *pieces):
        return [line for line in self.server.log().splitlines()[self.before :] if all(piece in line for piece in pieces)]

    def expect_said(self, text, most=1):
        """Besides the line that it is over, which comes when that has lasted."""
        count = len([line for line in self.lines(text) if ": over, after " not in line])
        expect(1 <= count <= most, "%d lines with %r in %r" % (count, text, self.server.log()[-2000:]))

    def expect_quiet(self, most):
        lines = [line for line in self.lines() if ":debug:" not in line]
        expect(len(lines) <= most, "%d lines in the log: %r" % (len(lines), lines[:8]))

    def warm_up(self):
        self.submit_some()
        self.wait_answers()
        self.site.expect_clean()
        self.mark()

    def expect_all_well(self, is_same=True, counts=1):
        """Each request once answered, with a status that is foreseen; nothing left; still the same process."""
        self.submit_some()
        self.wait_answers()
        self.pump(0.3)
        expect_equal({name: count for name, count in self.consumer.appeared.items() if count != counts}, {}, "answers")
        for name, statuses in self.wanted.items():
            got = self.consumer.statuses[name]
            expect(got in statuses, "%s: status %d, log %r" % (name, got, self.consumer.logs[name]))
        self.site.expect_clean()
        if is_same:
            expect(processes.is_alive(self.identity), "the server ended: " + self.server.log()[-500:])
        expect_equal(self.server.stop(), 0, "exit code")
        self.consumer.close()
