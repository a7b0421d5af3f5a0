# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libcompile.a
libcompile_a_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags) $(LIBZIP_CFLAGS)
libcompile_a_SOURCES = \
	src/compile/archive.cc src/compile/archive.h \
	src/compile/async_jail.cc src/compile/async_jail.h \
	src/compile/beside.h \
	src/compile/compilation.cc src/compile/compilation.h \
	src/compile/compiler.cc src/compile/compiler.h \
	src/compile/container_options.cc src/compile/container_options.h \
	src/compile/environment.cc src/compile/environment.h \
	src/compile/extra_sources.cc src/compile/extra_sources.h \
	src/compile/header_pattern.cc src/compile/header_pattern.h \
	src/compile/job.cc src/compile/job.h \
	src/compile/job_names.cc src/compile/job_names.h \
	src/compile/multi_header.cc src/compile/multi_header.h \
	src/compile/named_paths.cc src/compile/named_paths.h \
	src/compile/outcome.h \
	src/compile/prepended.cc src/compile/prepended.h \
	src/compile/request_log.cc src/compile/request_log.h \
	src/compile/slots.cc src/compile/slots.h \
	src/compile/style_check.cc src/compile/style_check.h \
	src/compile/test_files.cc src/compile/test_files.h \
	src/compile/variables.cc src/compile/variables.h \
	src/compile/workshop.h
