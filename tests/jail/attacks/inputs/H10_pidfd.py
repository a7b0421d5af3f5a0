# SPDX-License-Identifier: Apache-2.0
for target in (1, os.getppid()):
    pidfd, error = call(434, target, 0)
    info("pidfd of %d: %s" % (target, pidfd if pidfd >= 0 else errno.errorcode[error]))
    for number in range(8):
        refused("descriptor %d of %d" % (number, target), 438, pidfd, number, 0)
    refused("process_madvise of %d" % target, 440, pidfd, 0, 0, 0, 0)
    refused("setns to %d" % target, 308, pidfd, 0x20000)
# The kernel does not let pid 1 of a namespace be killed from inside.
call(424, call(434, 1, 0)[0], signal.SIGKILL, 0, 0)
call(62, 1, signal.SIGKILL)
info("init lives")
