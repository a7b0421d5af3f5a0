# SPDX-License-Identifier: Apache-2.0
import mmap

block = mmap.mmap(-1, 64 << 20)
address = ctypes.addressof(ctypes.c_char.from_buffer(block))
result = libc.mlock(ctypes.c_void_p(address), ctypes.c_size_t(64 << 20))
judge(result == 0, "mlock 64 MB", ctypes.get_errno())
result, error = call(151, 3)
judge(result == 0, "mlockall", error)
