# SPDX-License-Identifier: Apache-2.0
FLAGS = {
    "time": 0x80, "mnt": 0x20000, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "user": 0x10000000,
    "pid": 0x20000000, "net": 0x40000000, "user and mnt": 0x10020000, "nothing": 0,
}
for name, flag in FLAGS.items():
    child = os.fork()
    if child == 0:
        result = libc.unshare(flag)
        judge(result == 0, "unshare " + name, ctypes.get_errno())
        if result == 0 and flag:
            result = libc.mount(b"t", b"/tmp", b"tmpfs", 0, None)
            judge(result == 0, "mount in a new namespace", ctypes.get_errno())
        os._exit(0)
    os.waitpid(child, 0)
    if flag in (0, 0x80):
        continue
    result, error = call(56, flag | signal.SIGCHLD, 0, 0, 0, 0)
    if result == 0:
        os._exit(0)
    judge(result > 0, "clone " + name, error)
for flag in (0x10000000, 0x10000000 | 0x20000, 0):
    arguments = (ctypes.c_uint64 * 11)()
    arguments[0], arguments[4] = flag, signal.SIGCHLD
    result, error = call(435, arguments, 88)
    if result == 0:
        os._exit(0)
    judge(result > 0 or error != errno.ENOSYS, "clone3 %x" % flag, error)
