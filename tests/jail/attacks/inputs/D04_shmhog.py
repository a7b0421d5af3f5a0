# SPDX-License-Identifier: Apache-2.0
total = 0
most = int("@BOX_MIB@") + 16
for directory in ("/dev/shm", "/tmp", "/run", "/var/tmp", "."):
    try:
        for i in range(200):
            with open("%s/h%d%s" % (directory, i, directory.replace("/", "_")), "wb") as file:
                for _ in range(16):
                    file.write(b"z" * (1 << 20))
                    file.flush()
                    total += 1
    except OSError as failure:
        judge(total > most, "%s: stopped at %d MB in all" % (directory, total), failure.errno)
judge(total > most, "%d MB in memory file systems" % total)
