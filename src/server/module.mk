# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libserver.a
libserver_a_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags)
libserver_a_SOURCES = \
	src/server/asio_impl.cc \
	src/server/configuration.cc src/server/configuration.h \
	src/server/crash_mark.cc src/server/crash_mark.h \
	src/server/delivered.cc src/server/delivered.h \
	src/server/heartbeat.cc src/server/heartbeat.h \
	src/server/launch.cc src/server/launch.h \
	src/server/local_cache.cc src/server/local_cache.h \
	src/server/loop_watch.cc src/server/loop_watch.h \
	src/server/options.cc src/server/options.h \
	src/server/process.cc src/server/process.h \
	src/server/server.cc src/server/server.h \
	src/server/server_events.cc \
	src/server/troubles.cc src/server/troubles.h \
	src/server/workshop.cc src/server/workshop.h
