# SPDX-License-Identifier: Apache-2.0
# Just more than the limit, and none that does anything.
made = 0
try:
    while made < int("@PROCESSES@") + 32:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        made += 1
except OSError as failure:
    info("stopped: " + errno.errorcode[failure.errno])
judge(made > int("@PROCESSES@") + 16, "%d children" % made)
