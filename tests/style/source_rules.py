# SPDX-License-Identifier: Apache-2.0
"""Rules about the text of sources: who includes whom, which calls stand where, what each file begins with."""

import re
from typing import Iterable

from tree import Rule, Tree, lines_with, without_literals

# doc/architecture.md, "Rooms": who may include whom.
ROOMS = {
    "base": set(),
    "packet": {"base"},
    "config": {"base"},
    "spool": {"base"},
    "observe": {"base"},
    "jail": {"base"},
    "transport": {"base", "packet", "config", "spool"},
    "lang": {"base", "config", "jail"},
    "compile": {"base", "packet", "config", "lang", "jail", "observe"},
}
EVERYTHING = set(ROOMS)
ROOMS["server"] = EVERYTHING
ROOMS["tools"] = EVERYTHING | {"server"}

# The loop's library stays in the rooms that have a loop: the jail's programs link without it.
ASIO_ROOMS = {"server", "tools", "transport", "compile"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)


def layers(tree: Tree) -> Iterable[str]:
    for path in tree.cpp("src/"):
        room = path.split("/")[1]
        if room not in ROOMS:
            yield f"{path}: there is no room '{room}' in the table of rooms"
            continue
        text = without_literals(tree.text(path))
        for match in INCLUDE.finditer(text):
            where = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
            yield from (f"{where}: {why}" for why in wrong_include(room, match.group(1), match.group(2)))


def wrong_include(room: str, own: str, system: str) -> Iterable[str]:
    if system:
        if system.startswith("boost/asio") and room not in ASIO_ROOMS:
            yield f"room '{room}' does not use Asio"
        return
    target = own.split("/")[0]
    if own == "config.h":
        return
    if target not in ROOMS:
        yield f'"{own}" is not of the form "room/file.h"'
    elif target != room and target not in ROOMS[room]:
        yield f"room '{room}' must not know room '{target}'"


# Calls that have an owner type: the files (or directories) that may make them.
CALLS = {
    r"close|closefrom": ("src/base/unique_fd.cc", "src/jail/"),
    r"kill|killpg": ("src/base/child.cc", "src/jail/"),
    r"waitpid|waitid|wait": ("src/base/child.cc", "src/jail/"),
    r"fork|vfork|clone": ("src/base/child.cc", "src/jail/"),
    # spool: a destructor and a handler, where what removes a file must not throw.
    r"unlink|unlinkat|rmdir": ("src/base/temp_dir.cc", "src/base/atomic_file.cc", "src/base/files.cc", "src/jail/",
                               "src/spool/instance.cc", "src/spool/safe_directory.cc"),
    r"mkdtemp|mkstemp": ("src/base/temp_dir.cc",),
    # Follows what it should not: TempDir and remove_tree exist.
    r"(?:std::filesystem|fs)::remove_all": (),
    # A shell between us and a program: Child exists.
    r"(?:std::)?system|popen": (),
}


def call_pattern(names: str) -> "re.Pattern[str]":
    # Global or unqualified, with an argument, and no declaration (a type stands before the name of one).
    return re.compile(rf"(?:(?<![\w.:>~ ])|(?<![\w.:>~])(?<=\breturn )|(?<=[=!(;{{}}&|?,] ))(?:::)?(?:{names})\s*\((?!\s*\))")


def banned_calls(tree: Tree) -> Iterable[str]:
    for path in tree.cpp("src/"):
        # Where a line begins is no part of what stands before a call.
        text = re.sub(r"(?m)^[ \t]+", lambda indent: ";" * len(indent.group()), without_literals(tree.text(path)))
        for names, allowed in CALLS.items():
            if path.startswith(tuple(allowed)):
                continue
            for line in lines_with(text, call_pattern(names)):
                yield f"{path}:{line}: calls {names.replace('|', ' or ')} without its owner type"


def catch_all(tree: Tree) -> Iterable[str]:
    for path in tree.cpp("src/"):
        if path.startswith("src/tools/"):
            continue
        for line in lines_with(without_literals(tree.text(path)), re.compile(r"\bcatch\s*\(\s*\.\.\.\s*\)")):
            yield f"{path}:{line}: catch (...) outside the programs' main files"


def spdx(tree: Tree) -> Iterable[str]:
    named = set(tree.paths(".cc", ".h", ".py", ".sh", ".mk", ".m4", ".ac", ".am", ".1", ".5", ".8", ".in"))
    named.update(path for path in tree.paths() if tree.text(path).startswith("#!"))
    for path in sorted(named):
        lines = tree.text(path).split("\n", 2)
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if "SPDX-License-Identifier: Apache-2.0" not in first:
            yield f"{path}:1: the first line (or the one after #!) is no SPDX-License-Identifier"


def pragma_once(tree: Tree) -> Iterable[str]:
    for path in tree.paths(".h"):
        if not re.search(r"^#pragma once$", tree.text(path), re.M):
            yield f"{path}:1: no #pragma once"


def using_namespace(tree: Tree) -> Iterable[str]:
    for path in tree.paths(".h"):
        for line in lines_with(without_literals(tree.text(path)), re.compile(r"\busing\s+namespace\b")):
            yield f"{path}:{line}: using namespace in a header"


def whole_asio(tree: Tree) -> Iterable[str]:
    for path in tree.paths(".h"):
        for line in lines_with(tree.text(path), re.compile(r"^#include <boost/asio\.hpp>", re.M)):
            yield f"{path}:{line}: all of Asio in a header"


def machine_paths(tree: Tree) -> Iterable[str]:
    # A checkout right below one of these may well have the name that the documentation uses.
    shared = {"/opt", "/srv", "/home", "/usr", "/var"}
    homes = [re.escape(str(place)) + r"\b" for place in (tree.root, tree.root.parent)
             if len(place.parts) > 2 and str(place.parent) not in shared]
    own = re.compile("|".join(homes + [r"(?<![\w.])/root/\w", r"https?://[^\s/]*(?:\bdeb\.|\bregistry\.|\bsnapshot\.|\bproxy\.)"]))
    for path in tree.paths():
        for line in lines_with(tree.text(path), own):
            yield f"{path}:{line}: a path or a host of one machine"


def unfinished(tree: Tree) -> Iterable[str]:
    words = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X")))
    for path in tree.paths():
        for line in lines_with(tree.text(path), words):
            yield f"{path}:{line}: says that it is unfinished"


def distributed(tree: Tree) -> Iterable[str]:
    """What is in the repository is in the archive of a release: named in a makefile, or below a directory that is."""
    makefiles = [path for path in tree.paths() if path == "Makefile.am" or path.endswith(".mk")]
    named = {word for path in makefiles for word in re.split(r"[\s=]+", tree.text(path))}
    automatic = {"Makefile.am", "Makefile.in", "configure.ac", "configure", "config.h.in"}  # by automake itself
    for path in tree.paths():
        above = path.split("/")
        directories = ("/".join(above[:depth]) for depth in range(1, len(above)))
        is_of_automake = path.startswith(".") or path in automatic or path.endswith(".m4")
        if not (is_of_automake or path in named or any(each in named for each in directories)):
            yield "%s: no makefile distributes it" % path


RULES = [
    Rule("distributed", distributed, {"Makefile.am": "EXTRA_DIST = a doc/b\n", "doc/c": "\n"}, "doc/c: no makefile"),
    Rule("layers", layers, {"src/jail/a.cc": '#include "config/x.h"\n'}, "must not know room 'config'"),
    Rule("layers-asio", layers, {"src/jail/a.cc": "#include <boost/asio/io_context.hpp>\n"}, "does not use Asio"),
    Rule("layers-form", layers, {"src/base/a.cc": '#include "../b.h"\n'}, "room/file.h"),
    Rule("layers-rooms", layers, {"src/attic/a.cc": "\n"}, "no room 'attic'"),
    Rule("banned-calls", banned_calls, {"src/spool/a.cc": "void f() {\n  ::close(3);\n}\n"}, "a.cc:2: calls close"),
    Rule("banned-calls-unqualified", banned_calls, {"src/spool/a.cc": "int f() {\n  return unlink(x);\n}\n"}, "a.cc:2: calls unlink"),
    Rule("banned-calls-shell", banned_calls, {"src/base/a.cc": "int n = std::system(command);\n"}, "system"),
    Rule("catch-all", catch_all, {"src/server/a.cc": "try {\n} catch (...) {\n}\n"}, "a.cc:2"),
    Rule("spdx", spdx, {"src/base/a.cc": "int x;\n"}, "SPDX"),
    Rule("spdx-script", spdx, {"scripts/x": "#!/bin/sh\necho\n"}, "SPDX"),
    Rule("pragma-once", pragma_once, {"src/base/a.h": "int x;\n"}, "#pragma once"),
    Rule("using-namespace", using_namespace, {"src/base/a.h": "using namespace std;\n"}, "a.h:1"),
    Rule("asio-in-headers", whole_asio, {"src/server/a.h": "#include <boost/asio.hpp>\n"}, "a.h:1"),
    Rule("machine-paths", machine_paths, {"doc/a.md": "see /" + "root/notes\n"}, "a.md:1"),
    Rule("unfinished", unfinished, {"src/base/a.cc": "// TO" + "DO: think\n"}, "a.cc:1"),
]
