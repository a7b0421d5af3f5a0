# SPDX-License-Identifier: Apache-2.0
me = os.getpid()
processes = [name for name in os.listdir("/proc") if name.isdigit()]
for process in processes:
    for part in ("environ", "cmdline"):
        try:
            data = open("/proc/%s/%s" % (process, part), "rb").read()
            judge(b"CANARY" in data or b"kept-by-a-neighbour" in data, "%s of %s, %d bytes" % (part, process, len(data)))
        except OSError as failure:
            judge(False, "%s of %s" % (part, process), failure.errno)
judge(len(processes) > 6, "sees %d processes" % len(processes))
judge("CANARY_ENV" in os.environ, "environment: %s" % sorted(os.environ))
for name in ("kallsyms", "cmdline", "keys", "locks", "mounts", "sysvipc/shm", "net/unix", "sys/kernel/hostname"):
    judge(os.path.exists("/proc/" + name) and name not in ("mounts", "net/unix"), "/proc/" + name)
