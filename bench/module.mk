# SPDX-License-Identifier: Apache-2.0
noinst_PROGRAMS += spool_latency
spool_latency_SOURCES = bench/spool_latency.cc
spool_latency_LDADD = libbase.a $(SPDLOG_LIBS) $(FMT_LIBS)
EXTRA_DIST += bench/run
