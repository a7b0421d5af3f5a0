# SPDX-License-Identifier: Apache-2.0
block = b"x" * (1 << 20)
for _ in range(int("@LINE_MIB@")):
    os.write(1, block)
os.write(1, b"\n")
