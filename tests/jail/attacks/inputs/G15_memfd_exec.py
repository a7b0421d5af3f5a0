# SPDX-License-Identifier: Apache-2.0
memory = libc.memfd_create(b"x", 0)
if memory >= 0:
    os.write(memory, b"#!/bin/sh\necho INFO:memory executed\necho INFO:end\n")
    os.execve("/proc/self/fd/%d" % memory, ["x"], {})
judge(False, "memfd_create", ctypes.get_errno())
