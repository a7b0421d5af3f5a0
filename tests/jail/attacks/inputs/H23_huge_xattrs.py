# SPDX-License-Identifier: Apache-2.0
total = 0
most = int("@BOX_MIB@") + 64
try:
    for i in range(most * 1024 // 60):
        with open("x%d" % (i % 1000), "a") as file:
            os.setxattr(file.fileno(), b"user.a%d" % (i // 1000), b"b" * 60000)
        total += 60000
except OSError as failure:
    info("stopped: " + errno.errorcode[failure.errno])
judge(total >> 20 > most, "%d MB of attributes" % (total >> 20))
