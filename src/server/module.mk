# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libserver.a
libserver_a_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags)
libserver_a_SOURCES = \
	src/server/asio_impl.cc \
	src/server/configuration.cc src/server/configuration.h \
	src/server/launch.cc src/server/launch.h \
	src/server/options.cc src/server/options.h \
	src/server/process.cc src/server/process.h \
	src/server/server.cc src/server/server.h \
	src/server/workshop.cc src/server/workshop.h
