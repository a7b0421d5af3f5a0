# SPDX-License-Identifier: Apache-2.0
# What it uses is used by a child of a thread that is not the first, in memory that processes share.
import mmap, threading


def fork_and_use():
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    kept = []
    while len(kept) < 400:
        block = mmap.mmap(-1, 4 << 20)
        block.write(b"x" * (4 << 20))
        kept.append(block)
    judge(True, "1.6 GB in memory")
    os._exit(0)


thread = threading.Thread(target=fork_and_use)
thread.start()
thread.join()
