# SPDX-License-Identifier: Apache-2.0
# Each call has arguments with which the kernel itself would not say EPERM, where there are such.
text = ctypes.create_string_buffer
handle = text(b"\x80", 200)
mount_id = ctypes.c_int()
CALLS = (
    ("userfaultfd", 323, 1), ("io_uring_setup", 425, 4, text(128)), ("bpf", 321, 99, text(64), 64),
    ("perf_event_open", 298, text(b"\1\0\0\0\x78", 120), 0, -1, -1, 0), ("fanotify_init", 300, 0, 0),
    ("memfd_secret", 447, 0), ("pidfd_getfd", 438, -1, 0, 0), ("kcmp", 312, os.getpid(), os.getpid(), 0, 0, 0),
    ("name_to_handle_at", 303, -100, ctypes.c_char_p(b"/"), handle, ctypes.byref(mount_id), 0),
    ("open_by_handle_at", 304, -1, handle, 0), ("acct", 163, 0), ("swapon", 167, ctypes.c_char_p(b"/x"), 0),
    ("syslog", 103, 10, 0, 0), ("iopl", 172, 0), ("modify_ldt", 154, 0, text(64), 64), ("kexec_load", 246, 0, 0, 0, 0),
    ("init_module", 175, 0, 0, 0), ("settimeofday", 164, text(16), 0), ("quotactl", 179, 0x80000100, 0, 0, 0),
    ("vmsplice", 278, -1, 0, 0, 0), ("add_key", 248, 0, 0, 0, 0, 0), ("keyctl", 250, 0, -3, 0), ("request_key", 249, 0, 0, 0, 0),
    ("landlock_create_ruleset", 444, 0, 0, 1), ("mbind", 237, 0, 0, 0, 0, 0, 0), ("migrate_pages", 256, 0, 0, 0, 0),
    ("move_pages", 279, 0, 0, 0, 0, 0, 0), ("sched_setattr", 314, -1, 0, 0), ("ioprio_set", 251, 1, 0, 2 << 13),
    ("process_vm_readv", 310, os.getpid(), 0, 0, 0, 0, 0), ("process_vm_writev", 311, os.getpid(), 0, 0, 0, 0, 0),
    ("process_madvise", 440, -1, 0, 0, 0, 0), ("ptrace", 101, 99, 0, 0, 0), ("adjtimex", 159, text(300)),
    ("clock_adjtime", 305, 0, text(300)), ("reboot", 169, 0, 0, 0, 0), ("vhangup", 153), ("ioperm", 173, 0, 0, 0),
    ("statmount", 457, 0, 0, 0, 0), ("listmount", 458, 0, 0, 0, 0), ("open_tree_attr", 467, -1, 0, 0, 0, 0),
    ("io_setup", 206, 1, ctypes.byref(ctypes.c_long())),
)
for name, *rest in CALLS:
    refused(name, *rest)
refused("personality", 135, 0x0040000)
for name, request in (("TIOCSTI", 0x5412), ("TIOCLINUX", 0x541C), ("TIOCSETD", 0x5423)):
    refused(name, 16, 0, request, 0)
    refused(name + " with more bits", 16, 0, (1 << 32) | request, 0)
refused("mknod of a device", 133, ctypes.c_char_p(b"device"), 0o020666, 0)
refused("mknodat of a device", 259, -100, ctypes.c_char_p(b"device2"), 0o020666, 0)
