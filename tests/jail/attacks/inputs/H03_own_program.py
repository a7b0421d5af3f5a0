# SPDX-License-Identifier: Apache-2.0
# Programs of the jail itself as they run: overwriting them would reach the next job, or the host.
for process in ("self", "1", str(os.getppid())):
    path = "/proc/%s/exe" % process
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC):
        attempt("open %s for writing" % path, os.open, path, flags)
for part in ("mem", "root", "cwd", "exe", "fd", "maps", "environ", "stack", "auxv", "io", "ns/mnt", "map_files"):
    attempt("open /proc/1/" + part, os.open, "/proc/1/" + part, os.O_RDONLY)
