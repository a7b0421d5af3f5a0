# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtransport.a
libtransport_a_SOURCES = \
	src/transport/heartbeat_directory.cc src/transport/heartbeat_directory.h \
	src/transport/local_spool.cc src/transport/local_spool.h
