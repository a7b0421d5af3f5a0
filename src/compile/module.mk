# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcompile.a
libcompile_a_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags) $(LIBZIP_CFLAGS)
libcompile_a_SOURCES = \
	src/compile/archive.cc src/compile/archive.h \
	src/compile/async_jail.cc src/compile/async_jail.h \
	src/compile/compiler.cc src/compile/compiler.h \
	src/compile/header_pattern.cc src/compile/header_pattern.h \
	src/compile/job_names.cc src/compile/job_names.h \
	src/compile/log_text.cc src/compile/log_text.h \
	src/compile/outcome.h \
	src/compile/prepended.cc src/compile/prepended.h \
	src/compile/slots.cc src/compile/slots.h \
	src/compile/variables.cc src/compile/variables.h
