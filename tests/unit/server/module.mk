# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/server_test
tests_unit_server_test_SOURCES = \
	tests/unit/server/local_cache_test.cc \
	tests/unit/server/options_test.cc
tests_unit_server_test_LDADD = libserver.a $(room_libs) $(GTEST_LIBS)
