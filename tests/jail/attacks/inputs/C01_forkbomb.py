# SPDX-License-Identifier: Apache-2.0
made = 0
end = time.time() + 3
while time.time() < end:
    try:
        if os.fork() == 0:
            while True:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.01)
        made += 1
        if made > 2000:
            judge(True, "2000 children")
            os._exit(1)
    except OSError:
        time.sleep(0.05)
judge(False, "fork stopped after %d" % made)
