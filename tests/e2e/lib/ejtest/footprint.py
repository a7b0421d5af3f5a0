# SPDX-License-Identifier: Apache-2.0
"""What a server and the processes below it hold of the machine, and the processor time that they took."""

import collections
import contextlib
import dataclasses
import os
import pathlib

from . import processes
from .harness import Failure, expect_equal, wait_until

_TICK = os.sysconf("SC_CLK_TCK")


def _processes(server):
    return [server.pid, *(pid for pid, _ in server.helpers())]


def _held_by(pid):
    """(program, descriptors, threads, mounts); what only root may see of a process with more rights than ours is None."""
    proc = pathlib.Path("/proc/%d" % pid)
    counts = (
        lambda: len(os.listdir(proc / "fd")),
        lambda: len(os.listdir(proc / "task")),
        lambda: (proc / "mountinfo").read_text().count("\n"),
    )
    return (processes.program_of(pid), *(_unless_forbidden(count) for count in counts))


def _unless_forbidden(count):
    try:
        return count()
    except PermissionError:
        return None


def _groups(mark):
    """Control groups of the whole machine whose path has the word in it."""
    paths = (pathlib.Path(path) for path, _, _ in os.walk("/sys/fs/cgroup"))
    return sorted(str(path) for path in paths if mark in str(path))


@dataclasses.dataclass(eq=True)
class Holdings:
    """What must be the same after any number of requests."""

    processes: list
    groups: list
    files: list

    @staticmethod
    def of(site, server):
        found = [_held_by(pid) for pid in _processes(server)]
        trees = {site.root, site.spool}
        files = {os.path.join(path, name) for tree in trees for path, _, names in os.walk(tree) for name in names}
        return Holdings(sorted(found, key=str), _groups(site.queue_id), sorted(files))


def settled_holdings(site, server):
    """When no request is under way: the same three times in a row, since some things go a moment later."""
    seen = collections.deque(maxlen=3)

    def is_settled():
        try:
            seen.append(Holdings.of(site, server))
        except OSError:  # a process or a group that went while we looked
            seen.clear()
        return len(seen) == 3 and seen[0] == seen[1] == seen[2]

    wait_until(is_settled, "the server to settle", step=0.1)
    return seen[0]


def expect_same_holdings(site, server, before):
    """What a job leaves behind goes a moment after its reply, and no later."""
    try:
        wait_until(lambda: settled_holdings(site, server) == before, "everything to be given back", 10, step=0.2)
    except Failure:
        after = settled_holdings(site, server)
        for field in dataclasses.fields(Holdings):
            expect_equal(getattr(after, field.name), getattr(before, field.name), field.name + " after all requests")


def resident_kib(server):
    """{(pid, start time): KiB} of the server and all below it."""
    found = {}
    for who in [processes.identity(server.pid), *server.helpers()]:
        with contextlib.suppress(OSError):  # a job that has ended
            found[who] = processes.resident_kib(who[0])
    return found


def loop_seconds(server):
    """Processor time of the thread that does everything but wait for the disk: that one is charged with what others
    have written too."""
    return int(pathlib.Path("/proc/%d/task/%d/schedstat" % (server.pid, server.pid)).read_text().split()[0]) / 1e9


def seconds_below(server):
    """Processor time of all below the server and of what they have waited for."""
    return sum(_times(server.pid)[2:]) + sum(sum(_times(pid)) for pid, _ in server.helpers())


def _times(pid):
    """Seconds, in ticks: user, system, and both of its children."""
    try:
        text = pathlib.Path("/proc/%d/stat" % pid).read_text()
    except OSError:
        return [0] * 4
    return [int(field) / _TICK for field in text[text.rindex(")") + 2 :].split()[11:15]]
