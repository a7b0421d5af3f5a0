# SPDX-License-Identifier: Apache-2.0
begun = time.perf_counter()
spins = 0
while time.perf_counter() - begun < 0.2:
    spins += 1
info("%d spins" % spins)
for name in ("loadavg", "meminfo", "cpuinfo", "stat", "uptime", "interrupts"):
    judge(os.path.exists("/proc/" + name), "/proc/" + name)
