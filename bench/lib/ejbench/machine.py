# SPDX-License-Identifier: Apache-2.0
"""What was measured, and on what."""

import os
import pathlib
import re
import shutil
import subprocess

TOOLS = ("gcc", "g++", "clang", "python3", "gnuplot")


def _first_line(*command, cwd=None):
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=cwd)
    return done.stdout.split("\n")[0].strip() if done.returncode == 0 else None


def _field(path, pattern, default="unknown"):
    found = re.search(pattern, pathlib.Path(path).read_text(errors="replace"), re.MULTILINE)
    return found.group(1) if found else default


def _file_system(directory):
    """Type of the file system that the directory is on."""
    return _first_line("stat", "-f", "-c", "%T", str(directory)) or "unknown"


def _commit(source):
    commit = _first_line("git", "rev-parse", "--short=12", "HEAD", cwd=source)
    if commit is None:
        return "no git checkout"
    changes = subprocess.run(["git", "status", "--porcelain"], cwd=source, capture_output=True, check=False).stdout
    return commit + (" with changes" if changes.strip() else "")


def describe(report, build, source, directory):
    uname = os.uname()
    memory = int(_field("/proc/meminfo", r"^MemTotal:\s+(\d+)", "0")) // 1024
    model = _field("/proc/cpuinfo", r"^model name\s*:\s*(.+)$", uname.machine)
    version = _field(build / "config.h", r'^#define PACKAGE_VERSION "(.*)"')
    flags = _field(build / "Makefile", r"^CXXFLAGS = (.*)$")
    report.head("Machine and versions", "what", "")
    report.row("processors", "%d of %d, %s" % (len(os.sched_getaffinity(0)), os.cpu_count(), model))
    report.row("memory", "%d MiB" % memory)
    report.row("kernel", "%s %s" % (uname.sysname, uname.release))
    report.row("file system of the spool", _file_system(directory))
    report.row("load at the start", "%.1f %.1f %.1f" % os.getloadavg())
    report.row("ejforge", "%s, commit %s, CXXFLAGS %s" % (version, _commit(source), flags))
    for tool in TOOLS:
        report.row(tool, _first_line(tool, "--version") or "not installed")
