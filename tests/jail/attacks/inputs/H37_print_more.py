# SPDX-License-Identifier: Apache-2.0
# Just more than may be printed.
block = b"x" * (1 << 20)
for _ in range(2 * int("@DRAIN@")):
    os.write(1, block)
os.write(1, b"\n")
judge(True, "printed it all")
