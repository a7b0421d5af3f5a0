# SPDX-License-Identifier: Apache-2.0
os.setpgid(0, 0)
for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
    for target in (-1, 1, os.getppid()):
        if target == os.getppid() != 1:
            continue
        try:
            os.kill(target, number)
        except OSError as failure:
            judge(False, "signal %d to %d" % (number, target), failure.errno)
