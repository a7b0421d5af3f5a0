# SPDX-License-Identifier: Apache-2.0
for target in (-1, 1, os.getppid()):
    try:
        os.kill(target, 0)
        info("may signal %d" % target)
    except OSError as failure:
        judge(False, "signal %d" % target, failure.errno)
mine = {1, os.getpid(), os.getppid()}
seen = 0
for process in range(2, 70000):
    if process in mine:
        continue
    try:
        os.kill(process, 0)
        seen += 1
    except ProcessLookupError:
        pass
    except PermissionError:
        judge(True, "a process of somebody else is there: %d" % process)
        break
judge(seen > 2, "%d others can be signalled" % seen)
