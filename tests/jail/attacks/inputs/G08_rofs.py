# SPDX-License-Identifier: Apache-2.0
for directory in (
    "/usr/bin", "/usr/lib", "/etc", "/lib", "/bin", "/", "/dev", "/opt", "/home", "/var", "/proc/sys/kernel", "/sys", "/run", "/mnt",
    "/srv", "/sys/fs/cgroup", SHOWN,
):
    attempt("write to " + directory, lambda where=directory: os.close(os.open(where + "/.w", os.O_CREAT | os.O_WRONLY)))
for path in (
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/sys/fs/cgroup/cgroup.procs",
    "/sys/kernel/uevent_helper", SHOWN + "/file",
):
    attempt("open for writing " + path, os.open, path, os.O_WRONLY)
attempt("oom_score_adj", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-1000"))
