# SPDX-License-Identifier: Apache-2.0
# Children that ignore what can be ignored, in sessions of their own, stopped, or waiting for each other.
made = 0
libc.prctl(36, 1, 0, 0, 0)
for number in range(24):
    try:
        if os.fork():
            made += 1
            continue
    except OSError:
        break
    os.setsid()
    for each in range(1, 65):
        try:
            signal.signal(each, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    if number % 3 == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(60)
info("%d orphans" % made)
