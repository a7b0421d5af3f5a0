# SPDX-License-Identifier: Apache-2.0
for name in ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts"):
    info("namespace %s" % os.readlink("/proc/self/ns/" + name))
judge(os.uname().nodename != "sandbox", "the host's name: " + os.uname().nodename)
time.sleep(0.2)
