# SPDX-License-Identifier: Apache-2.0
made = 0
try:
    for i in range(2 * int("@BOX_INODES@")):
        os.close(os.open("i%d" % i, os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError as failure:
    judge(made > int("@BOX_INODES@"), "the box took %d files" % made, failure.errno)
    sys.exit(1)
judge(True, "%d files made" % made)
