# SPDX-License-Identifier: Apache-2.0
# A process that waits in the kernel for an answer of its own filter's listener; nobody gives one.
program = ctypes.create_string_buffer(
    struct.pack("<HBBI", 0x20, 0, 0, 0) + struct.pack("<HBBI", 0x15, 0, 1, 39) + struct.pack("<HBBI", 6, 0, 0, 0x7FC00000)
    + struct.pack("<HBBI", 6, 0, 0, 0x7FFF0000), 32,
)
filter_ = ctypes.create_string_buffer(struct.pack("<H6xQ", 4, ctypes.addressof(program)), 16)
listener, error = call(317, 1, 8, filter_)
info("listener %d %s" % (listener, errno.errorcode.get(error, "")))
if os.fork() == 0:
    os.setsid()
    call(39)
    os._exit(0)
time.sleep(0.1)
os._exit(0)
