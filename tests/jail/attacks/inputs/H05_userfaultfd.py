# SPDX-License-Identifier: Apache-2.0
for flags in (0, 1, 0x800, 0x80800):
    refused("userfaultfd %x" % flags, 323, flags)
attempt("/dev/userfaultfd", os.open, "/dev/userfaultfd", os.O_RDWR)
