# SPDX-License-Identifier: Apache-2.0
parameters = ctypes.create_string_buffer(120)
for name, *rest in (("setup", 425, 4, parameters), ("enter", 426, -1, 0, 0, 0, 0, 0), ("register", 427, -1, 0, 0, 0)):
    refused("io_uring_" + name, *rest)
# Old asynchronous input and output: its contexts are counted for the whole machine, so one job could use them up.
made = 0
for _ in range(2000):
    context = ctypes.c_long()
    if call(206, 64, ctypes.byref(context))[0] != 0:
        break
    made += 1
judge(made > 0, "%d io_setup contexts" % made)
