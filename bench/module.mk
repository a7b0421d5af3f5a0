# SPDX-License-Identifier: Apache-2.0
# `make check` builds them, so that they stay in shape; bench/run builds what it needs.
check_PROGRAMS += bench/jail_latency
bench_jail_latency_SOURCES = bench/jail_latency.cc
bench_jail_latency_LDADD = libjail.a libbase.a $(SECCOMP_LIBS) $(FMT_LIBS)

check_PROGRAMS += bench/spool_latency
bench_spool_latency_SOURCES = bench/spool_latency.cc
bench_spool_latency_LDADD = libbase.a $(SPDLOG_LIBS) $(FMT_LIBS)
EXTRA_DIST += bench/run bench/configure bench/jail \
	bench/lib/ejbench/__init__.py \
	bench/lib/ejbench/bench.py \
	bench/lib/ejbench/file_system.py \
	bench/lib/ejbench/machine.py \
	bench/lib/ejbench/queues.py \
	bench/lib/ejbench/report.py \
	bench/lib/ejbench/requests.py
