# SPDX-License-Identifier: Apache-2.0
made = 0
for i in range(300):
    result, error = call(240, ctypes.c_char_p(b"q%d" % i), 0o102, 0o666, 0)
    if result < 0:
        break
    made += 1
judge(made > 0, "%d message queues" % made, error)
