# SPDX-License-Identifier: Apache-2.0
PTRACE_TRACEME, PTRACE_ATTACH, PTRACE_SEIZE = 0, 16, 0x4206
child = os.fork()
if child == 0:
    refused("PTRACE_TRACEME", 101, PTRACE_TRACEME, 0, 0, 0)
    time.sleep(0.2)
    os._exit(0)
for target in (1, os.getppid(), child):
    refused("attach to %d" % target, 101, PTRACE_ATTACH, target, 0, 0)
    refused("seize %d" % target, 101, PTRACE_SEIZE, target, 0, 0)
    local = ctypes.create_string_buffer(16)
    vector = (ctypes.c_long * 2)(ctypes.addressof(local), 16)
    for number in (310, 311):
        refused("memory of %d by %d" % (target, number), number, target, vector, 1, vector, 1, 0)
    refused("kcmp with %d" % target, 312, os.getpid(), target, 2, 0, 0)
attempt("memory of init", os.open, "/proc/1/mem", os.O_RDWR)
os.waitpid(child, 0)
