# SPDX-License-Identifier: Apache-2.0
"""Takes replies as ej-contests does: told by inotify, reads and unlinks each at once. Counts how often each came."""

import collections
import os

from . import packets
from .harness import Failure
from .inotify import Watch
from .site import CONTESTS_ID


def make_reply_side(base, mode=0o777):
    """What ej-contests makes at its start."""
    for part in ("status/in", "status/dir", "status/out", "report"):
        (base / part).mkdir(parents=True, exist_ok=True)
        (base / part).chmod(mode)


class Consumer:
    def __init__(self, site, server_id=CONTESTS_ID, layout="R128"):
        self.base = site.spool / server_id
        self.layout = layout
        make_reply_side(self.base)
        self.directory = self.base / "status/dir"
        self.appeared = collections.Counter()  # run name: times that a reply was renamed in
        self.statuses = {}  # run name: status of the last reply
        self.logs = {}
        self._watch = Watch(self.directory)

    def pump(self, timeout=0.0):
        """Waits for news up to `timeout` seconds; takes everything that lies there."""
        for name, was_renamed in self._watch.read(timeout):
            if not was_renamed:
                raise Failure("reply %s was created in status/dir instead of renamed into it" % name)
            self.appeared[name] += 1
        for name in os.listdir(self.directory):
            path = self.directory / name
            reply = packets.Reply.decode(path.read_bytes(), self.layout)
            path.unlink()
            self.statuses[name] = reply.status
            self._take_report(name)

    def _take_report(self, name):
        report = self.base / "report"
        log = report / (name + ".txt")
        if not log.exists():
            raise Failure("reply %s came without its log" % name)
        self.logs[name] = log.read_text(errors="replace")
        for entry in os.listdir(report):
            if entry.startswith(name):
                (report / entry).unlink()

    def watch_again(self):
        """After the directories were removed and made again."""
        self._watch.close()
        self._watch = Watch(self.directory)

    def close(self):
        self._watch.close()
