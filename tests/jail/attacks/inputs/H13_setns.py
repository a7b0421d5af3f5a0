# SPDX-License-Identifier: Apache-2.0
for process in ("self", "1"):
    for name in ("mnt", "pid", "net", "ipc", "uts", "user", "cgroup"):
        try:
            namespace = os.open("/proc/%s/ns/%s" % (process, name), os.O_RDONLY)
        except OSError as failure:
            judge(False, "/proc/%s/ns/%s" % (process, name), failure.errno)
            continue
        refused("setns to %s of %s" % (name, process), 308, namespace, 0)
refused("setns", 308, -1, 0)
