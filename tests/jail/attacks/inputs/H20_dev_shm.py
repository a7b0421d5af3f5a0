# SPDX-License-Identifier: Apache-2.0
for directory in ("/dev/shm", "/tmp", "/var/tmp"):
    # All three are one directory, in which the way to the compile script lies.
    others = [name for name in os.listdir(directory) if not name.startswith(("attack-", "ejf-"))]
    judge(bool(others), "%s holds %s" % (directory, others))
    open(directory + "/attack-@ID@-" + directory.replace("/", "_"), "w").write("x")
from multiprocessing import shared_memory

try:
    block = shared_memory.SharedMemory("attack-rendezvous", create=True, size=4096)
    time.sleep(0.2)
    block.close()
except FileExistsError:
    judge(True, "memory of another job")
