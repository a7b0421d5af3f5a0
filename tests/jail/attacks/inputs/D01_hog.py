# SPDX-License-Identifier: Apache-2.0
import mmap

kept = []
for _ in range(400):
    block = mmap.mmap(-1, 16 << 20)
    block.write(b"x" * (16 << 20))
    kept.append(block)
judge(True, "6.4 GB in memory")
