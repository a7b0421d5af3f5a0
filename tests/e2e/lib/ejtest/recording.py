# SPDX-License-Identifier: Apache-2.0
"""What a server did to the names of its spool, as strace saw it, and what a crash of the machine could leave of it.

The model of a crash: the changes of names of one file system are kept in their order, but only some first part of them
(a journal); what was synced is kept. What a file holds is kept when its file system was synced after it was written,
and else may be lost: then it is empty.
"""

import dataclasses
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys

from .harness import Failure, expect

CALLS = "openat,rename,renameat,renameat2,unlink,unlinkat,syncfs,fsync"
_LINE = re.compile(r"^(\d+)\s+(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+)")
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
_DIRECTORY = r"(?:\d+|AT_FDCWD)<([^>]*)>"
_NAME = r'"((?:[^"\\]|\\.)*)"'
_OPEN = re.compile(r"%s, %s, ([A-Z_|]+)" % (_DIRECTORY, _NAME))
_RENAME = re.compile(r"%s, %s, %s, %s" % (_DIRECTORY, _NAME, _DIRECTORY, _NAME))
_UNLINK = re.compile(r"%s, %s" % (_DIRECTORY, _NAME))


class Recorder:
    """Watches all threads of a running server."""

    def __init__(self, pid, path):
        self.path = path
        self.process = subprocess.Popen(
            ["strace", "-f", "-y", "-s", "4096", "-e", "trace=" + CALLS, "-o", str(path), "-p", str(pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        line = self.process.stderr.readline().decode(errors="replace")
        if "attached" not in line:
            self.process.wait()
            raise Failure("strace cannot attach: " + line)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.process.stderr.close()
        return parse(self.path.read_text(errors="replace"))


def _calls(text):
    """(name, arguments, index of the line where it began) of each call that succeeded, in the order of their ends."""
    begun = {}
    for number, line in enumerate(text.splitlines()):
        match = _LINE.match(line)
        if not match:
            continue
        thread, rest = match.groups()
        resumed = _RESUMED.match(rest)
        start = number
        if rest.endswith("<unfinished ...>"):
            begun[thread] = (rest[: -len("<unfinished ...>")].rstrip(), number)
            continue
        if resumed:
            head, start = begun.pop(thread)
            rest = head + resumed.group(2)
        call = _CALL.match(rest)
        if call and int(call.group(3)) >= 0:
            yield call.group(1), call.group(2), start


def _operation(name, arguments):
    if name == "openat":
        match = _OPEN.match(arguments)
        if match and "O_CREAT" in match.group(3):
            return ("create", os.path.join(match.group(1), match.group(2)))
    elif name.startswith("rename"):
        match = _RENAME.match(arguments)
        expect(match, "a rename that is not understood: " + arguments)
        return ("rename", os.path.join(*match.group(1, 2)), os.path.join(*match.group(3, 4)))
    elif name.startswith("unlink"):
        match = _UNLINK.match(arguments)
        expect(match, "an unlink that is not understood: " + arguments)
        return ("unlink", os.path.join(*match.group(1, 2)))
    elif name in ("syncfs", "fsync"):
        return (name, re.match(r"\d+<([^>]*)>", arguments).group(1))
    return None


def parse(text):
    """Operations in their order: (what, path ..., number of the operation before which it had begun)."""
    operations = []
    line_of = []  # of each operation, where its call stands
    for name, arguments, start in _calls(text):
        operation = _operation(name, arguments)
        if operation is not None:
            began_after = sum(line < start for line in line_of)
            operations.append((*operation, began_after))
            line_of.append(start)
    return operations


@dataclasses.dataclass(frozen=True)
class File:
    made: int  # the number of the operation that made it
    path: str  # that it was made under
    complete: int = sys.maxsize  # the number of the first rename, before which it was written

    def is_kept(self, certain):
        """Is what it holds on disk?"""
        return self.complete < certain


class Tree:
    """The names below one directory, and the files that they name."""

    def __init__(self, root, paths):
        self.root = str(root)
        self.initial = {str(path): File(-1, str(path), -1) for path in paths}

    def has(self, path):
        return path.startswith(self.root + "/")

    def after(self, operations, end):
        names = dict(self.initial)
        for number, operation in enumerate(operations[:end]):
            what, path = operation[:2]
            if not self.has(path):
                continue
            if what == "create":
                names[path] = File(number, path)
            elif what == "rename" and path in names:
                file = names.pop(path)
                names[operation[2]] = dataclasses.replace(file, complete=min(file.complete, number))
            elif what == "unlink":
                names.pop(path, None)
        return names

    def synced(self, operations, end):
        """How many of the first operations are on disk for certain when the machine goes down after `end` of them."""
        return max(
            (each[-1] for each in operations[:end] if each[0] == "syncfs" and (self.has(each[1] + "/"))), default=0
        )


def crashes(operations, trees):
    """Every state that a crash could leave: for each tree (names, how many operations are certain). Each state once."""
    seen = set()
    for end in range(len(operations) + 1):
        certain = [tree.synced(operations, end) for tree in trees]
        for cuts in itertools.product(*(range(low, end + 1) for low in certain)):
            state = tuple(
                (tuple(sorted(tree.after(operations, cut).items(), key=lambda item: item[0])), low)
                for tree, cut, low in zip(trees, cuts, certain)
            )
            if state not in seen:
                seen.add(state)
                yield [(dict(names), low) for names, low in state]


def contents_after(tree, operations):
    """What is in each file that there is now, by the number of the operation that made it and its first path."""
    names = tree.after(operations, len(operations))
    return {(file.made, file.path): pathlib.Path(path).read_bytes() for path, file in names.items()}


def rebuild(tree, names, certain, contents):
    """Leaves the directories as they are, with these files in them."""
    for directory, _, files in os.walk(tree.root):
        for name in files:
            os.unlink(os.path.join(directory, name))
    for path, file in names.items():
        data = contents[(file.made, file.path)] if file.is_kept(certain) else b""
        pathlib.Path(path).write_bytes(data)
