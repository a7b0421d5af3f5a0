# SPDX-License-Identifier: Apache-2.0
# What comes before each attack that is written in Python; the attack's own text follows. The names between @ signs are
# put in by the driver. A line VULN: says that something got through, SAFE: that it did not, INFO: tells of the rest.
import atexit, ctypes, errno, os, resource, signal, socket, stat, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)
OUT = sys.argv[1]
SECRET = "@SECRET@"  # only root may read it
PUBLIC = "@PUBLIC@"  # everybody may, outside of the jail
SHOWN = "@SHOWN@"  # the jail shows it, and its mode would let everybody write
PORT = int("@PORT@")  # of a service on the host's loopback interface
ABSTRACT = "\0@ABSTRACT@"  # its abstract socket
SOCKET = "@SOCKET@"  # its socket with a name
NEIGHBOUR = "\0@NEIGHBOUR@"  # abstract socket of another job


def call(number, *arguments):
    """(result, errno) of a system call."""
    words = [ctypes.c_long(x) if isinstance(x, int) else x for x in arguments]
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *words)
    return result, ctypes.get_errno()


def judge(got_through, what, error=None):
    code = "" if error is None else " errno=%s" % errno.errorcode.get(error, error)
    print(("VULN:" if got_through else "SAFE:") + what + code, flush=True)


def refused(what, number, *arguments, by=(errno.EPERM, errno.ENOSYS)):
    """A call that the jail refuses whatever its arguments are: the kernel itself would say something else."""
    result, error = call(number, *arguments)
    judge(result >= 0 or error not in by, what, None if result >= 0 else error)


def attempt(what, action, *arguments):
    """An action that must fail."""
    try:
        action(*arguments)
        judge(True, what)
    except OSError as failure:
        judge(False, what, failure.errno)
    except ValueError:
        judge(False, what)


def info(text):
    print("INFO:" + text, flush=True)


info("begin")
_starter = os.getpid()
atexit.register(lambda: os.getpid() == _starter and info("end"))
