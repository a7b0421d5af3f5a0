# SPDX-License-Identifier: Apache-2.0
own = os.open("/proc/self/fd", os.O_RDONLY)
for name in sorted(os.listdir(own), key=int):
    number = int(name)
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    if number == own or number < 3:
        info("descriptor %d has mode %o" % (number, mode))
        continue
    judge(True, "inherited descriptor %d: %s" % (number, os.readlink("/proc/self/fd/%d" % number)))
    if stat.S_ISDIR(mode):
        attempt("a way up", lambda where=number: os.open("..", os.O_RDONLY, dir_fd=where))
judge(os.path.exists("/proc/self/cwd/../../../../.." + PUBLIC), "a way up from the working directory")
judge(os.path.exists("/proc/1/root" + PUBLIC), "a way through the root of init")
