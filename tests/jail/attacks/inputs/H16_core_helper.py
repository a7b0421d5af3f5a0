# SPDX-License-Identifier: Apache-2.0
# Limits of core files are what keeps the host's helper, which runs as root, from being started.
for limit in ((2, 2), (-1, -1), (1 << 30, 1 << 30)):
    attempt("core limit %d" % limit[0], resource.setrlimit, resource.RLIMIT_CORE, limit)
attempt("core limit of init", resource.prlimit, 1, resource.RLIMIT_CORE, (-1, -1))
attempt("core_pattern", lambda: open("/proc/sys/kernel/core_pattern", "w").write("|/sandbox/x"))
child = os.fork()
if child == 0:
    os.kill(os.getpid(), signal.SIGSEGV)
status = os.waitpid(child, 0)[1]
judge(os.WCOREDUMP(status) and bool([name for name in os.listdir(".") if name.startswith("core")]), "a core file")
