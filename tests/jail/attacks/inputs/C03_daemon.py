# SPDX-License-Identifier: Apache-2.0
# Goes on in the background after the "compiler" has ended, and changes what it made.
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.closerange(0, 3)
        end = time.time() + 20
        while time.time() < end:
            try:
                open(OUT, "a").write("x")
            except OSError:
                pass
            time.sleep(0.01)
    os._exit(0)
open(OUT, "w").write("artefact")
