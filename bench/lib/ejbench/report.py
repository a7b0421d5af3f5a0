# SPDX-License-Identifier: Apache-2.0
"""The report: Markdown on standard output and, with a directory, in report.md there, beside the plots."""

import shutil
import statistics
import subprocess
import sys

COLOURS = ("#1b6ca8", "#c8553d", "#4f8a3b", "#7a5195", "#e0a100", "#555555")
SETUP = """
set terminal svg size 800,460 dynamic font "sans-serif,14" background "white"
set output {file}
set title {title} noenhanced
set xlabel {x} noenhanced
set ylabel {y} noenhanced
set grid lc rgb "#dddddd"
set border 3
set tics nomirror out
set key above noenhanced
"""


class Report:
    def __init__(self, directory=None):
        self._directory = directory
        self._file = None
        self._targets = []
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = open(directory / "report.md", "w", encoding="utf-8")

    def line(self, text=""):
        print(text, flush=True)
        if self._file is not None:
            print(text, file=self._file, flush=True)

    def head(self, title, *cells):
        """A heading, and a table's first line if there are cells."""
        self.line("\n## %s\n" % title)
        if cells:
            self.row(*cells)
            self.row(*("---" if number == 0 else "---:" for number in range(len(cells))))

    def row(self, *cells):
        self.line("| " + " | ".join(str(cell) for cell in cells) + " |")

    def target(self, what, wanted, measured, is_met):
        """Shown at once and, with all others, at the end."""
        self.line("\nTarget: %s %s. Measured: %s." % (what, wanted, measured))
        self._targets.append((what, wanted, measured, "yes" if is_met else "**no**"))

    def targets(self):
        self.head("Targets", "what", "wanted", "measured", "met")
        for cells in self._targets:
            self.row(*cells)

    def complain_about_plots(self):
        if self._directory is None:
            self.line("No plots: they go where --out says.")
        elif not shutil.which("gnuplot"):
            self.line("No plots: gnuplot is not installed; `scripts/deps bench` does that.")

    def plot(self, name, title, axes, lines, style="lines", log=""):
        """`axes`: what x and y are, with units. `lines`: {label: [(x, y)]}. `log`: the axes that are logarithmic."""
        if self._directory is None or not shutil.which("gnuplot"):
            return
        file = self._directory / (name + ".svg")
        text = SETUP.format(file=_quoted(file), title=_quoted(title), x=_quoted(axes[0]), y=_quoted(axes[1]))
        text += "set logscale %s\n" % log if log else ""
        text += "" if "y" in log else "set yrange [0:*]\n"
        parts = []
        for number, (label, points) in enumerate(lines.items()):
            text += "$d%d << EOD\n%sEOD\n" % (number, "".join("%r %r\n" % point for point in points))
            colour = COLOURS[number % len(COLOURS)]
            parts.append('$d%d with %s lw 2 pt 7 ps 0.6 lc rgb "%s" title %s' % (number, style, colour, _quoted(label)))
        text += "plot " + ", ".join(parts) + "\n"
        done = subprocess.run(["gnuplot"], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit("bench: gnuplot: %s" % done.stderr)
        self.line("\n![%s](%s.svg)" % (title, name))

    def close(self):
        if self._file is not None:
            self._file.close()


def _quoted(text):
    return "'%s'" % str(text).replace("'", "''")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def distribution(values):
    """[(value, percent of all that are not above it)]; two hundred points."""
    return [(percentile(values, step / 200), step / 2) for step in range(200)]


def ratio(values, others):
    return statistics.median(values) / statistics.median(others)


def milliseconds(value):
    return "%.2f ms" % value


def mebibytes(kib):
    return "%.1f MiB" % (kib / 1024)
