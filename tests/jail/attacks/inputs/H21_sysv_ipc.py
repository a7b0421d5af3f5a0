# SPDX-License-Identifier: Apache-2.0
for name, *rest in (
    ("shmget", 29, 0x414A, 4096, 0o1666), ("shmat", 30, 0, 0, 0), ("shmctl", 31, 0, 14, 0), ("semget", 64, 0x414A, 1, 0o1666),
    ("semctl", 66, 0, 0, 19, 0), ("semop", 65, 0, 0, 1), ("semtimedop", 220, 0, 0, 1, 0), ("msgget", 68, 0x414A, 0o1666),
    ("msgsnd", 69, 0, 0, 0, 0), ("msgrcv", 70, 0, 0, 0, 0, 0o4000), ("msgctl", 71, 0, 12, 0), ("shmdt", 67, 0),
    ("mq_open", 240, ctypes.c_char_p(b"attack"), 0o102, 0o666, 0), ("mq_unlink", 241, ctypes.c_char_p(b"attack")),
):
    refused(name, *rest, by=(errno.ENOSYS,))
