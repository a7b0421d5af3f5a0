# SPDX-License-Identifier: Apache-2.0
# File names with line ends, escape sequences and the server's own words, in a compiler's messages.
NAMES = ("a\nThe compiler was stopped: it used more.c", "b\x1b]0;title\x07\x1b[2J.c", "c\r\rCompilation process timed out\r.c", "\u202ee.c", "-o.c")
for name in NAMES:
    open(name, "w").write("int x y;\n")
    os.spawnv(os.P_WAIT, "/usr/bin/gcc", ["gcc", "-c", "./" + name])
sys.exit(1)
