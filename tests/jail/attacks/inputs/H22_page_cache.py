# SPDX-License-Identifier: Apache-2.0
# Pages of a read-only file in a pipe, and a write that would land in them.
for path in ("/usr/bin/env", SHOWN + "/file"):
    before = open(path, "rb").read(64)
    file = os.open(path, os.O_RDONLY)
    reader, writer = os.pipe()
    for _ in range(16):
        os.write(writer, b"x" * 4096)
        os.read(reader, 4096)
    try:
        os.splice(file, writer, 1, offset_src=0)
        os.write(writer, b"OVERWRITTEN")
    except OSError as failure:
        judge(False, "splice", failure.errno)
    judge(open(path, "rb").read(64) != before, path)
vector = (ctypes.c_long * 2)(ctypes.addressof(ctypes.create_string_buffer(b"x" * 16)), 16)
refused("vmsplice", 278, os.pipe()[1], vector, 1, 0)
