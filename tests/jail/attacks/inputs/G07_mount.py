# SPDX-License-Identifier: Apache-2.0
for source, target, kind, flags in (
    (b"none", b"/tmp", b"tmpfs", 0), (b"/", b"/tmp", None, 4096), (b"proc", b"/proc", b"proc", 0), (b"none", b"/", None, 32 | 4096),
):
    result = libc.mount(source, target, kind, ctypes.c_ulong(flags), None)
    judge(result == 0, "mount %s" % (kind or b"bind or remount").decode(), ctypes.get_errno())
result = libc.umount2(b"/proc", 2)
judge(result == 0, "umount /proc", ctypes.get_errno())
refused("open_tree", 428, -100, ctypes.c_char_p(b"/"), 0)
result = libc.chroot(b"/tmp")
judge(result == 0, "chroot", ctypes.get_errno())
result = libc.sethostname(b"x", 1)
judge(result == 0, "sethostname", ctypes.get_errno())
