# SPDX-License-Identifier: Apache-2.0
most = int("@BOX_MIB@") + 16
written = 0
try:
    for i in range(most):
        with open("f%d" % i, "wb") as file:
            for _ in range(16):
                file.write(b"q" * (1 << 20))
                file.flush()
                written += 1
except OSError as failure:
    judge(written > most, "the box took %d MB" % written, failure.errno)
    sys.exit(1)
judge(True, "wrote %d MB" % written)
