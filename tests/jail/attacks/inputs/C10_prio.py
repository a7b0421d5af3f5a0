# SPDX-License-Identifier: Apache-2.0
attempt("nice -5", os.nice, -5)
attempt("SCHED_FIFO", os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(10))
result, error = call(251, 1, 0, 1 << 13)
judge(result == 0, "real-time input and output", error)
attempt("more open files", resource.setrlimit, resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))
for name in ("RLIMIT_MEMLOCK", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_MSGQUEUE"):
    limit = resource.getrlimit(getattr(resource, name))
    judge(limit != (0, 0), "%s is %s" % (name, limit))
