# SPDX-License-Identifier: Apache-2.0
import fcntl

for path in ("/usr/bin/python3", "/usr/lib", "/etc/passwd", SHOWN + "/file"):
    first = os.open(path, os.O_RDONLY)
    second = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        judge(False, "flock on %s does nothing" % path)
    except OSError as failure:
        judge(True, "flock on %s is a channel between jobs" % path, failure.errno)
    attempt("a lease on " + path, fcntl.fcntl, first, fcntl.F_SETLEASE, fcntl.F_RDLCK)
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
for command in (fcntl.F_SETLK, 37):
    try:
        fcntl.fcntl(os.open("/usr/bin/python3", os.O_RDONLY), command, lock)  # EBADF of the kernel: not open for writing
        judge(False, "lock command %d does nothing" % command)
    except OSError as failure:
        judge(True, "lock command %d" % command, failure.errno)
