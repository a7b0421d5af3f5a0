# SPDX-License-Identifier: Apache-2.0
"""What many requests do to a server: those that wait, those that were at work when it was killed, those that came
before."""

import os
import statistics
import time

from ejtest import languages, processes
from ejtest.footprint import loop_seconds, resident_kib
from ejtest.server import READY

from .bench import FULL, NONE, STUCK
from .report import mebibytes, milliseconds

EDGE = 1000  # the first and the last so many of a queue
MEMORY_SAMPLES = 100


def start_up(bench, sizes, report):
    report.head("Start", "server", "start to ready", "start to first reply", "at most")
    for walls in (FULL, NONE):
        ready, replied = [], []
        for _ in range(sizes.starts):
            bench.fill(languages.COPY, 1)
            offset = bench.site.server_log.stat().st_size
            start = time.monotonic()
            with bench.drain(1) as replies:
                server = bench.launch(walls, 1)
                while READY.encode() not in bench.site.server_log.read_bytes()[offset:]:
                    time.sleep(0.0005)
                ready.append((time.monotonic() - start) * 1000)
                replied += [at for at, _ in replies]
            server.stop()
        report.row(walls, *map(milliseconds, (statistics.median(ready), statistics.median(replied), max(replied))))
    report.line("\nMedians of %d starts, one request waiting, one slot." % sizes.starts)


def _drained(bench, count):
    """Serves a queue from the server's start on: times of the replies in ms, ms of processor time of the server's loop
    before and after the first and the last of them, and its memory at most."""
    edge = min(EDGE, count // 2)
    marks = {1, edge, count - edge + 1, count}
    times, used = [], {}
    with bench.drain(count) as replies:
        server = bench.launch(NONE, 1)
        for number, (at, _) in enumerate(replies, 1):
            times.append(at)
            if number in marks:
                used[number] = loop_seconds(server) * 1000
    most = processes.most_resident_kib(server.pid)
    server.stop()
    ends = ((1, edge), (count - edge + 1, count))
    wall = [(times[last - 1] - times[first - 1]) / max(last - first, 1) for first, last in ends]
    loop = [(used[last] - used[first]) / max(last - first, 1) for first, last in ends]
    return times[0], wall, loop, most


def queues(bench, sizes, report):
    title = "A queue that waits when the server starts"
    edges = ["%s %d, %s" % (end, EDGE, what) for what in ("each", "its processor time") for end in ("first", "last")]
    report.head(title, "waiting", "start to first reply", *edges, "memory at most")
    curves = {"start to first reply": [], "each of the first %d" % EDGE: [], "each of the last %d" % EDGE: []}
    for length in sizes.queues:
        bench.fill(languages.COPY, length)
        os.sync()  # or the disk would be busy with the new queue while the first requests are measured
        first, wall, loop, most = _drained(bench, length)
        bench.empty()
        report.row(length, milliseconds(first), *map(milliseconds, (*wall, *loop)), mebibytes(most))
        for points, value in zip(curves.values(), (first, *wall)):
            points.append((length, value))
    report.line("\n--no-jail, one slot. Processor time: of the thread that does all but wait for the disk.")
    report.plot("queues", title, ("requests that wait", "ms"), curves, "linespoints", log="xy")
    report.target("first reply with %d waiting" % length, "<= 1 s", "%.2f s" % (first / 1000), first <= 1000)
    for what, (begin, end) in (("time", wall), ("processor time", loop)):
        share = end / begin if begin else 1.0
        name = "%s for each of the last %d to that for the first, %d waiting" % (what, EDGE, length)
        report.target(name, "0.85 to 1.15", "%.2f" % share, abs(share - 1) <= 0.15)


def recovery(bench, sizes, report):
    cells = ("waiting", "restart to first reply", "until all claims are answered", "until all are")
    report.head("After kill -9", "claims at work", *cells)
    for claims, waiting in sizes.recoveries:
        bench.site.write_script(STUCK.name, STUCK.script)
        server = bench.launch(FULL, claims).wait_ready()
        tickets = [bench.site.submit("hello\n", STUCK) for _ in range(claims)]
        while _commands(server).count("sleep") < claims:
            time.sleep(0.01)
        if waiting:
            bench.fill(languages.COPY, waiting)
        os.sync()
        server.kill()
        bench.site.write_script(STUCK.name, languages.COPY.script)
        with bench.drain(claims + waiting) as replies:
            server = bench.launch(FULL, claims)
            times = {name: at for at, name in replies}
        server.stop()
        claimed = max(times[ticket.run_name] for ticket in tickets)
        report.row(claims, waiting, *map(milliseconds, (min(times.values()), claimed, max(times.values()))))
    report.line("\nWith the full jail and a slot for each claim. The jail of the killed server is cleared away first.")


def _commands(server):
    return [processes.command_of(pid) for pid, _ in server.helpers()]


def memory(bench, sizes, report):
    report.head("Memory (RSS)", "requests", "server", "ej-jail and its slots")
    samples = []  # (requests, {process: KiB})
    with bench.server(FULL, 2) as server:
        itself = processes.identity(server.pid)
        step = sizes.memory // MEMORY_SAMPLES
        for number in range(MEMORY_SAMPLES + 1):
            bench.through_server(languages.COPY, step if number else 20, 8)
            samples.append((number * step, resident_kib(server)))
    lasting = set.intersection(*(set(kib) for _, kib in samples)) - {itself}  # the others were jobs
    own = [(count, kib[itself]) for count, kib in samples]
    below = [(count, sum(kib[who] for who in lasting)) for count, kib in samples]
    shown = sorted({0, 1, 10, MEMORY_SAMPLES // 4, MEMORY_SAMPLES // 2, MEMORY_SAMPLES})
    for number in shown:
        report.row(own[number][0], mebibytes(own[number][1]), mebibytes(below[number][1]))
    curves = {
        name: [(count, round(kib / 1024, 3)) for count, kib in points]
        for name, points in (("ej-compile", own), ("ej-jail and its slots", below))
    }
    report.plot("memory", "Memory while requests are served", ("requests", "MiB"), curves)
    most = max(kib for _, kib in own)
    growth = own[-1][1] - own[MEMORY_SAMPLES // 10][1]
    report.target("memory of the server", "<= 25 MiB", mebibytes(most), most <= 25 * 1024)
    what = "its growth after the first tenth of %d requests" % sizes.memory
    report.target(what, "<= 1 MiB", "%d KiB" % growth, growth <= 1024)
