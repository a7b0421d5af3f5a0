# SPDX-License-Identifier: Apache-2.0
"""A program on a pseudo terminal, and what a person would see on it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from .harness import Failure, at_end_of_test

SEQUENCE = re.compile(rb"\x1b(?:\[([?>]?)([0-9;]*)([@-~])|[()]([0-9A-Z])|([=>78DEMc]))")
TYPE = "xterm"


class Picture:
    """The window of an xterm, as far as curses makes use of one."""

    def __init__(self, lines, columns):
        self.resize(lines, columns)

    def resize(self, lines, columns):
        self.lines, self.columns = lines, columns
        self.cells = [[" "] * columns for _ in range(lines)]
        self.y = self.x = 0
        self.top, self.bottom = 0, lines - 1
        self.rest = b""

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.cells)

    def feed(self, data):
        data = self.rest + data
        self.rest = b""
        at = 0
        while at < len(data):
            if data[at] != 0x1B:
                at = self._plain(data, at)
                continue
            match = SEQUENCE.match(data, at)
            if not match:
                if len(data) - at > 32:
                    raise Failure("an unknown sequence: %r" % data[at : at + 32])
                self.rest = data[at:]
                return
            self._sequence(match)
            at = match.end()

    def _plain(self, data, at):
        byte = data[at]
        if byte == 0x0A:
            self._line_feed()
        elif byte == 0x0D:
            self.x = 0
        elif byte == 0x08:
            self.x = max(self.x - 1, 0)
        elif byte >= 0x20:
            self._put(chr(byte))
        return at + 1

    def _put(self, character):
        if self.x == self.columns:
            self.x = 0
            self._line_feed()
        self.cells[self.y][self.x] = character
        self.x += 1

    def _line_feed(self):
        if self.y == self.bottom:
            del self.cells[self.top]
            self.cells.insert(self.bottom, [" "] * self.columns)
        else:
            self.y = min(self.y + 1, self.lines - 1)

    def _reverse_line_feed(self):
        if self.y == self.top:
            del self.cells[self.bottom]
            self.cells.insert(self.top, [" "] * self.columns)
        else:
            self.y = max(self.y - 1, 0)

    def _sequence(self, match):
        if match.group(5):
            {b"D": self._line_feed, b"M": self._reverse_line_feed}.get(match.group(5), lambda: None)()
        if match.group(4) or match.group(5) or match.group(1):
            return
        numbers = [int(word or b"0") for word in match.group(2).split(b";")] if match.group(2) else []
        count = max(numbers[0], 1) if numbers else 1
        action = match.group(3)
        if action in b"ABCD":
            self._move(action, count)
        elif action in b"Hf":
            line, column = (numbers + [1, 1])[:2] if len(numbers) != 1 else (numbers[0], 1)
            self.y = min(max(line, 1), self.lines) - 1
            self.x = min(max(column, 1), self.columns) - 1
        elif action == b"d":
            self.y = min(count, self.lines) - 1
        elif action == b"G":
            self.x = min(count, self.columns) - 1
        elif action in b"JK":
            self._erase(action, numbers[0] if numbers else 0)
        elif action == b"r":
            self.top, self.bottom = (numbers[0] - 1, numbers[1] - 1) if numbers else (0, self.lines - 1)
            self.y = self.x = 0
        elif action in b"LMST":
            self._scroll(action, count)
        elif action in b"XP@b":
            self._edit_line(action, count)
        elif action not in b"mlht":
            raise Failure("an unknown sequence: %r" % match.group(0))

    def _move(self, action, count):
        self.x = min(self.x, self.columns - 1)
        if action == b"A":
            self.y = max(self.y - count, 0)
        elif action == b"B":
            self.y = min(self.y + count, self.lines - 1)
        elif action == b"C":
            self.x = min(self.x + count, self.columns - 1)
        else:
            self.x = max(self.x - count, 0)

    def _scroll(self, action, count):
        """Lines come or go at the cursor (L, M) or at the edge of the region (T, S)."""
        place = self.y if action in b"LM" else self.top
        for _ in range(count):
            gone, come = (self.bottom, place) if action in b"LT" else (place, self.bottom)
            del self.cells[gone]
            self.cells.insert(come, [" "] * self.columns)

    def _edit_line(self, action, count):
        line, x = self.cells[self.y], self.x
        if action == b"X":
            line[x : x + count] = [" "] * len(line[x : x + count])
        elif action == b"P":
            line[x : x + count] = []
            line += [" "] * (self.columns - len(line))
        elif action == b"@":
            line[x:x] = [" "] * count
            del line[self.columns :]
        else:
            for _ in range(count):
                self._put(line[x - 1])

    def _erase(self, action, how):
        begin, end = {0: (self.x, self.columns), 1: (0, self.x + 1), 2: (0, self.columns)}[how]
        self.cells[self.y][begin:end] = [" "] * (end - begin)
        if action == b"J":
            for y in {0: range(self.y + 1, self.lines), 1: range(self.y), 2: range(self.lines)}[how]:
                self.cells[y] = [" "] * self.columns


class Terminal:
    """`command` runs on it; ends with the test."""

    def __init__(self, command, environment, lines=24, columns=80):
        self.picture = Picture(lines, columns)
        self.master, slave = pty.openpty()
        self._tell_size(slave)
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment, TERM=TYPE, LC_ALL="C.UTF-8"),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        at_end_of_test(self.close)

    def _tell_size(self, descriptor):
        size = struct.pack("HHHH", self.picture.lines, self.picture.columns, 0, 0)
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, size)

    def resize(self, lines, columns):
        """The kernel tells the program (SIGWINCH), which draws all of it anew."""
        self.picture.resize(lines, columns)
        self._tell_size(self.master)

    def send(self, text):
        os.write(self.master, text.encode())

    def read(self, timeout):
        """False at the end."""
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return True
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.picture.feed(data)
        return bool(data)

    def wait_for(self, *pieces, without=(), timeout=60.0):
        """Until all these pieces are on the screen and none of the others; the screen."""
        end = time.monotonic() + timeout
        while True:
            text = self.picture.text()
            if all(piece in text for piece in pieces) and not any(piece in text for piece in without):
                return text
            if not self.read(0.1) or time.monotonic() > end:
                raise Failure("waited for %r without %r; the screen:\n%s" % (pieces, without, self.picture.text()))

    def wait_for_line(self, start, *pieces, timeout=60.0):
        """Until the line that begins so, after a blank, has all these pieces."""
        end = time.monotonic() + timeout
        while True:
            lines = [line for line in self.picture.text().split("\n") if line.startswith(" " + start)]
            if lines and all(piece in lines[0] for piece in pieces):
                return lines[0]
            if not self.read(0.1) or time.monotonic() > end:
                raise Failure("waited for %r in %r; the screen:\n%s" % (pieces, lines, self.picture.text()))

    def wait_for_end(self, timeout=60.0):
        """The exit status."""
        end = time.monotonic() + timeout
        while self.read(0.1):
            if time.monotonic() > end:
                raise Failure("the program does not end; the screen:\n%s" % self.picture.text())
        return self.process.wait(timeout=10)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
