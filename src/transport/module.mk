# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtransport.a
libtransport_a_SOURCES = src/transport/local_spool.cc src/transport/local_spool.h
