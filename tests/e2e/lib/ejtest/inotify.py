# SPDX-License-Identifier: Apache-2.0
"""inotify by ctypes, as much of it as a consumer of replies needs."""

import ctypes
import os
import select
import struct

IN_CREATE = 0x100
IN_MOVED_TO = 0x080
IN_Q_OVERFLOW = 0x4000

_libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """Names that appear in one directory, each as often as it appears."""

    def __init__(self, directory):
        self._fd = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        if _libc.inotify_add_watch(self._fd, os.fsencode(directory), IN_CREATE | IN_MOVED_TO) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch %s" % directory)

    def fileno(self):
        return self._fd

    def read(self, timeout=0.0):
        """[(name, was renamed in)]; empty when nothing happened within `timeout` seconds."""
        if not select.select([self._fd], [], [], timeout)[0]:
            return []
        data = os.read(self._fd, 1 << 20)
        events = []
        position = 0
        while position < len(data):
            _, mask, _, length = struct.unpack_from("iIII", data, position)
            position += 16
            if mask & IN_Q_OVERFLOW:
                raise RuntimeError("inotify lost events; counting is not possible any more")
            name = data[position : position + length].rstrip(b"\0").decode()
            position += length
            events.append((name, bool(mask & IN_MOVED_TO)))
        return events

    def close(self):
        os.close(self._fd)
