# SPDX-License-Identifier: Apache-2.0
for count, size in ((1, 1 << 20), (10000, 128), (200000, 1), (20, 100000), (1, 131071), (64, 120000)):
    child = os.fork()
    if child == 0:
        try:
            os.execve("/bin/true", ["true"] + ["x" * size] * count, {"Y": "y" * 100000})
        except OSError as failure:
            judge(False, "%d arguments of %d bytes" % (count, size), failure.errno)
        os._exit(0)
    os.waitpid(child, 0)
