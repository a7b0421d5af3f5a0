# SPDX-License-Identifier: Apache-2.0
"""What one request costs, and how many are served in a second."""

import os
import shutil
import statistics

from ejtest import languages, processes

from .bench import FULL, NONE
from .report import distribution, mebibytes, milliseconds, percentile, ratio

# A log of 100 MB, from a program that thinks a little about each line, and from one that does nothing else.
LINE = "error: this is one of a great many messages that all say the same thing again and again"
PRINTERS = {
    "lines of awk": "awk 'BEGIN { for (i = 0; i < 1050000; ++i) print i \": %s\" }'" % LINE,
    "one byte, by tr": "head -c 100000000 /dev/zero | tr '\\0' x",
}
TALKER = languages.Language(50, "talker", 'eval "$PRINT"\ncp "$1" "$2"\n')
DISCARDER = languages.Language(51, "discarder", 'eval "$PRINT" > /dev/null\ncp "$1" "$2"\n')
SLOTS = (1, 2, 4)
HEADERS = 20


def _interleaved(bench, total, language):
    """Bare and through the server in turns, so that what else the machine does falls on both."""
    bare, served = [], []
    rounds = min(total, 20)
    for _ in range(rounds):
        count = total // rounds
        bare += bench.bare(language, count)
        served += bench.through_server(language, count)[0]
    return bare, served


def _show_latency(report, name, times, bare):
    shares = (milliseconds(percentile(times, share)) for share in (0.05, 0.5, 0.95, 0.99))
    added = statistics.median(times) - statistics.median(bare)
    report.row(name, *shares, milliseconds(added), "%.3f" % ratio(times, bare))
    return added


def latency(bench, sizes, report):
    report.head("Latency, one submission at a time", "script", "p5", "p50", "p95", "p99", "added p50", "ratio to bare")
    added, curves, gxx_ratio = {}, {}, None
    for language, name, count in ((languages.COPY, "cp", sizes.trivial), (languages.GXX, "g++ hello", sizes.gxx)):
        if language is languages.GXX and shutil.which("g++") is None:
            report.row(name, "g++ is not installed", *[""] * 5)
            continue
        for walls in (FULL, NONE):
            with bench.server(walls):
                bench.through_server(language, max(count // 20, 2))  # caches are warm from here on
                bare, served = _interleaved(bench, count, language)
            if walls == FULL:
                _show_latency(report, name + ", bare", bare, bare)
            extra = _show_latency(report, "%s, %s" % (name, walls), served, bare)
            if language is languages.COPY:
                added[walls] = extra
                curves.setdefault("bare", distribution(bare))
                curves[walls] = distribution(served)
            elif walls == FULL:
                gxx_ratio = ratio(served, bare)
    report.plot("latency", "cp: share of requests that took at most so long", ("ms", "%"), curves, log="x")
    for walls, limit in ((FULL, 1.0), (NONE, 0.7)):
        wanted = "<= %s ms at p50" % limit
        report.target("added by the server, " + walls, wanted, milliseconds(added[walls]), added[walls] <= limit)
    if gxx_ratio is not None:
        report.target("g++ through the full jail", "<= 1.03 of bare", "%.3f" % gxx_ratio, gxx_ratio <= 1.03)


def _rates(bench, language, walls, count, rounds):
    """{slots: requests in a second}, medians of the rounds."""
    rates = {slots: [] for slots in SLOTS}
    for _ in range(rounds):
        for slots, taken in rates.items():
            with bench.server(walls, slots):
                bench.through_server(language, 2 * slots, slots)
                taken.append(count / bench.through_server(language, count, 4 * slots)[1])
    return {slots: statistics.median(taken) for slots, taken in rates.items()}


def throughput(bench, sizes, report):
    slots = ("slots: %d" % slots for slots in SLOTS)
    report.head("Throughput, requests in a second", "script", "server", *slots, "2 slots to 1", "4 slots to 1")
    rows = [("cp", languages.COPY, walls, sizes.throughput // sizes.rounds, sizes.rounds) for walls in (FULL, NONE)]
    if shutil.which("g++") is not None:
        rows.append(("g++ hello", languages.GXX, FULL, sizes.gxx, 2))
    curves = {}
    on_two = {}
    for script, language, walls, count, rounds in rows:
        rates = _rates(bench, language, walls, count, rounds)
        speedups = [rates[slots] / rates[1] for slots in (2, 4)]
        report.row(script, walls, *("%.1f" % rate for rate in rates.values()), *("%.2f" % each for each in speedups))
        curves["%s, %s" % (script, walls)] = list(rates.items())
        on_two[script, walls] = speedups[0]
    report.line("\nMedians of %d rounds, of g++ 2; this machine has %d processors." % (sizes.rounds, os.cpu_count()))
    report.plot("throughput", "Throughput", ("slots", "requests/s"), curves, "linespoints")
    compilers = on_two.get(("g++ hello", FULL))
    if compilers is not None:
        report.target("throughput of g++ on 2 slots, full jail", ">= 1.7 of that on one", "%.2f" % compilers, compilers >= 1.7)


def multi_header(bench, sizes, report):
    report.head("Multi-header: %d tests, g++" % HEADERS, "slots", "p50", "ratio to 1 slot")
    if shutil.which("g++") is None:
        report.row("g++ is not installed", "", "")
        return
    tests = bench.site.root / "tests"
    tests.mkdir()
    for number in range(1, HEADERS + 1):
        (tests / ("header_%03d.cpp" % number)).write_text("const int k = %d;\n" % number)
    fields = {"multi_header": 1, "header_dir": str(tests), "header_pat": "header_%03d"}
    times = {1: [], 2: []}
    for _ in range(sizes.rounds):
        for slots, taken in times.items():
            with bench.server(FULL, slots):
                bench.one("x", languages.COPY)
                taken.append(bench.one("int main() { return k; }\n", languages.GXX, **fields))
    for slots, taken in times.items():
        report.row(slots, milliseconds(statistics.median(taken)), "%.2f" % ratio(taken, times[1]))
    share = ratio(times[2], times[1])
    wanted = "<= 0.65 of the time on one"
    report.target("multi-header on 2 slots and 2 processors", wanted, "%.2f" % share, share <= 0.65)


def long_log(bench, sizes, report):
    report.head("A compiler that prints 100 MB", "what", "to /dev/null", "to the log", "ratio", "server", "at most")
    shares = []
    for name, program in PRINTERS.items():
        times = {DISCARDER: [], TALKER: []}
        with bench.server(FULL) as server:
            # A log that is cut has been seen before.
            bench.one("x", TALKER, env=["PRINT=head -c 2000000 /dev/zero"])
            before = processes.most_resident_kib(server.pid)
            for _ in range(sizes.rounds):
                for language, taken in times.items():
                    taken.append(bench.one("x", language, env=["PRINT=" + program]))
            most = processes.most_resident_kib(server.pid)
        shares.append(ratio(times[TALKER], times[DISCARDER]))
        medians = (milliseconds(statistics.median(taken)) for taken in times.values())
        report.row(name, *medians, "%.2f" % shares[-1], mebibytes(before), mebibytes(most))
    # A program that does nothing but print shows what a byte costs; the target is for one that works for its lines.
    wanted = "<= 1.3 of the time of the same lines discarded"
    report.target("a log of 100 MB, lines of awk", wanted, "%.2f" % shares[0], shares[0] <= 1.3)
