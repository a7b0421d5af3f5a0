# SPDX-License-Identifier: Apache-2.0
"""A site with a server on it, and the client's side, which is bench/spool_latency."""

import contextlib
import subprocess
import sys

from ejtest import languages
from ejtest.consumer import make_reply_side
from ejtest.packets import STATUS_OK
from ejtest.site import CONTESTS_ID, Site

HELLO = '#include <iostream>\nint main() { std::cout << "Hello, world!" << std::endl; }\n'
FULL, NONE = "full jail", "--no-jail"
# What a request waits for, but only until somebody puts another script in its place.
STUCK = languages.Language(52, "stuck", "sleep 1000\n")


class Bench:
    """One site; a server on it for as long as a `with` lasts."""

    def __init__(self, build, more_languages=()):
        self.tool = build / "bench/spool_latency"
        # The default, which the tests' sites change.
        settings = "[server]\nsync_interval = 1s\n"
        self.site = Site(languages=(languages.COPY, languages.GXX, STUCK, *more_languages), settings=settings)
        self.site.server_log.touch()
        self.sources = {}
        for language, text in ((languages.COPY, "hello\n"), (languages.GXX, HELLO), (STUCK, "hello\n")):
            path = self.site.root / ("source-" + language.name)
            path.write_text(text)
            self.sources[language] = path
        make_reply_side(self.reply_base)
        (self.site.local / "compile/work").mkdir(parents=True)  # as ejudge's control program does
        self.launch(NONE, 1).wait_ready().stop()  # makes the other directories

    @property
    def reply_base(self):
        return self.site.spool / CONTESTS_ID

    def launch(self, walls, slots):
        return self.site.launch(self.site.command("--slots", str(slots), jail=walls == FULL))

    @contextlib.contextmanager
    def server(self, walls, slots=1):
        server = self.launch(walls, slots).wait_ready()
        try:
            yield server
        finally:
            server.stop()

    def _call(self, *words):
        done = subprocess.run([str(word) for word in (self.tool, *words)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit("bench: %s%s" % (done.stderr, self.site.server_log.read_text()[-1000:]))
        return done.stdout

    def _request(self, language):
        path = self.site.root / "request"
        path.write_bytes(self.site.make_request(language).encode())
        return path, self.sources[language], language.src_sfx, self.site.request_base

    def through_server(self, language, count, depth=1):
        """(times in ms, seconds for all of them)"""
        lines = self._call("spool", *self._request(language), self.reply_base, count, depth).splitlines()
        return [int(line) / 1000 for line in lines[:-1]], int(lines[-1].split()[1]) / 1e6

    def bare(self, language, count):
        directory = self.site.root / "bare"
        directory.mkdir(exist_ok=True)
        script = self.site.scripts / language.name
        lines = self._call("bare", script, self.sources[language], language.src_sfx, directory, count).splitlines()
        return [int(line) / 1000 for line in lines]

    def one(self, source, language, **fields):
        """What the server took for one request, in ms, by the times in its reply."""
        result = self.site.run(source, language, timeout=120, **fields)
        if result.status != STATUS_OK:
            sys.exit("bench: status %d: %s" % (result.status, result.log[:1000]))
        reply = result.reply.fields
        return (reply["ts3"] - reply["ts2"]) * 1000 + (reply["ts3_us"] - reply["ts2_us"]) / 1000

    def fill(self, language, count):
        self._call("fill", *self._request(language), count)

    def empty(self):
        """Forgets what still waits."""
        for directory in ("queue/dir", "queue/out", "src"):
            for path in (self.site.request_base / directory).iterdir():
                path.unlink()
        for directory in ("status/dir", "status/in", "report"):
            for path in (self.reply_base / directory).iterdir():
                path.unlink()

    @contextlib.contextmanager
    def drain(self, count):
        """Takes so many replies as they come: an iterator of (ms from here on, name of the run)."""
        command = [str(self.tool), "drain", str(self.reply_base), str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            process.stdout.readline()
            yield ((int(time) / 1000, name) for time, name in map(str.split, process.stdout))
            if process.wait() != 0:
                sys.exit("bench: the replies did not come")
