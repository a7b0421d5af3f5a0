# SPDX-License-Identifier: Apache-2.0
# Regular file and link change places all the time: whoever looks first and opens then is deceived.
open(OUT, "w").write("artefact")
os.symlink(SECRET, "link")
names = [ctypes.c_char_p(name.encode()) for name in ("link", OUT)]
for _ in range(3):
    if os.fork() == 0:
        os.closerange(0, 3)
        while True:
            call(316, -100, names[0], -100, names[1], 2)
time.sleep(0.2)
