# SPDX-License-Identifier: Apache-2.0
# The output becomes a link to a secret while the "compiler" is already gone.
open(OUT, "w").write("artefact")
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 3)
        end = time.time() + 20
        while time.time() < end:
            for path in (SECRET, PUBLIC):
                try:
                    os.symlink(path, "link%d" % os.getpid())
                    os.rename("link%d" % os.getpid(), OUT)
                except OSError:
                    pass
