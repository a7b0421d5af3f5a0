# SPDX-License-Identifier: Apache-2.0
"""Languages of a test site. Most are a line of shell: the server is under test, not compilers."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Language:
    id: int
    name: str
    script: str  # body of the compile script; None: no script is written
    src_sfx: str = ".txt"
    exe_sfx: str = ""
    more: tuple = ()  # further lines of its section


COPY = Language(1, "copy", 'cp "$1" "$2"\n')
FAIL = Language(2, "fail", 'echo "$1: wrong"\nexit 1\n')
GXX = Language(3, "g++", 'exec g++ $EJUDGE_FLAGS -o "$2" "$1"\n', ".cpp")
# The submission itself says what the "compiler" does; $1 is the source, $2 the executable.
SHELL = Language(4, "sh", 'exec sh "./$1" "$1" "$2"\n', ".sh")
SLOW = Language(5, "slow", "echo started\nsleep 1000\n", more=("compile_real_time_limit = 1",))
ENVIRONMENT = Language(6, "env", 'env | sort\ncp "$1" "$2"\n')
PREPEND = Language(7, "prepend", '{ echo "#! /bin/sh"; cat "$1"; } > "$2"\n', ".sh")
SUFFIXED = Language(8, "jar", 'cp "$1" "$2"\n', ".java", ".jar")
NETWORKED = Language(9, "net", 'exec sh "./$1" "$1" "$2"\n', ".sh", more=("enable_network",))
SMALL_FILES = Language(10, "small", 'exec sh "./$1" "$1" "$2"\n', ".sh", more=("max_file_size = 64K",))
CUSTOM = Language(11, "custom", "echo not this one\n", more=("enable_custom",))

ALL = (COPY, FAIL, GXX, SHELL, SLOW, ENVIRONMENT, PREPEND, SUFFIXED, NETWORKED, SMALL_FILES, CUSTOM)
UNKNOWN_ID = 999


def section(language):
    lines = [
        "[language]",
        "id = %d" % language.id,
        'short_name = "%s"' % language.name,
        'long_name = "Test language %s"' % language.name,
        'src_sfx = "%s"' % language.src_sfx,
        'cmd = "%s"' % language.name,
    ]
    if language.exe_sfx:
        lines.append('exe_sfx = "%s"' % language.exe_sfx)
    return "\n".join(lines + list(language.more)) + "\n\n"
