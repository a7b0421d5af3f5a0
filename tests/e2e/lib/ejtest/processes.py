# SPDX-License-Identifier: Apache-2.0
"""What /proc tells of a process and its descendants. Only processes that the tests started are ever looked at."""

import os
import pathlib


def _status(pid):
    """(parent, state, start time), or None when it is gone."""
    try:
        text = pathlib.Path("/proc/%d/stat" % pid).read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), fields[0], int(fields[19])


def identity(pid):
    """(pid, start time): no other process ever has both; None when it is gone or a zombie."""
    status = _status(pid)
    return None if status is None or status[1] == "Z" else (pid, status[2])


def is_alive(who):
    return who is not None and identity(who[0]) == who


def descendants(pid):
    """Identities of all processes below `pid`."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            status = _status(int(name))
            if status is not None:
                children.setdefault(status[0], []).append((int(name), status[1], status[2]))
    found = []
    todo = [pid]
    while todo:
        for child, state, start in children.get(todo.pop(), []):
            todo.append(child)
            if state != "Z":
                found.append((child, start))
    return found


def parked_jail(pid):
    """The two processes of a jail that waits for its job: `pid`, the first of a pid namespace, and its one child, which
    has not become another program yet. Empty when `pid` is something else."""
    directory = pathlib.Path("/proc/%d" % pid)
    try:
        lines = (directory / "status").read_text().splitlines()
        children = (directory / "task" / str(pid) / "children").read_text().split()
        names = {pathlib.Path("/proc/%s/comm" % each).read_text() for each in [pid, *children]}
    except OSError:
        return []
    is_first = any(line.startswith("NSpid:") and line.endswith("\t1") for line in lines)
    return [pid, int(children[0])] if is_first and len(children) == 1 and len(names) == 1 else []


def parent_of(pid):
    status = _status(pid)
    return None if status is None else status[0]


def program_of(pid):
    """Base name of its executable, as ejudge's control program looks for it; None when it cannot be read."""
    try:
        return os.path.basename(os.readlink("/proc/%d/exe" % pid))
    except OSError:
        return None


def command_of(pid):
    """Base name of argv[0], as ejudge's already-running check looks for it."""
    try:
        data = pathlib.Path("/proc/%d/cmdline" % pid).read_bytes()
    except OSError:
        return None
    return os.path.basename(data.split(b"\0")[0].decode(errors="replace"))


def _status_kib(pid, field):
    for line in pathlib.Path("/proc/%d/status" % pid).read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def resident_kib(pid):
    return _status_kib(pid, "VmRSS")


def most_resident_kib(pid):
    """Since its start."""
    return _status_kib(pid, "VmHWM")
