# SPDX-License-Identifier: Apache-2.0
info("user %s groups %s" % (os.getresuid(), os.getgroups()))
judge(0 in os.getresuid(), "root in the jail")
judge(0 in os.getresgid() or 0 in os.getgroups(), "group root in the jail")
for line in open("/proc/self/status"):
    name, _, value = line.partition(":")
    if name == "NoNewPrivs":
        judge(value.strip() != "1", "NoNewPrivs " + value.strip())
    elif name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        judge(int(value, 16) != 0, name + " " + value.strip())
    elif name == "Seccomp":
        judge(value.strip() != "2", "seccomp mode " + value.strip())
for directory in ("/usr/bin", "/bin", "/"):
    judge(not os.statvfs(directory).f_flag & os.ST_NOSUID, "set-user-ID programs of %s would count" % directory)
