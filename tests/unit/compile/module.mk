# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/compile_test
tests_unit_compile_test_SOURCES = \
	tests/unit/compile/archive_test.cc \
	tests/unit/compile/container_options_test.cc \
	tests/unit/compile/extra_sources_test.cc \
	tests/unit/compile/header_pattern_test.cc \
	tests/unit/compile/pieces_test.cc \
	tests/unit/compile/slots_test.cc \
	tests/unit/compile/variables_test.cc
tests_unit_compile_test_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags) $(LIBZIP_CFLAGS)
tests_unit_compile_test_LDADD = libserver.a $(room_libs) $(GTEST_LIBS)
