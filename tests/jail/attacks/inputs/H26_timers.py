# SPDX-License-Identifier: Apache-2.0
timers = 0
while timers < 100000 and call(222, 1, 0, ctypes.byref(ctypes.c_int()))[0] == 0:
    timers += 1
info("%d timers" % timers)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
queued = 0
value = ctypes.create_string_buffer(struct.pack("<iii", signal.SIGRTMIN, 0, -1), 128)
while queued < 100000 and call(129, os.getpid(), signal.SIGRTMIN, value)[0] == 0:
    queued += 1
info("%d queued signals" % queued)
judge(queued >= 100000, "no limit of queued signals")
