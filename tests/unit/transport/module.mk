# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/transport_test
tests_unit_transport_test_SOURCES = \
	tests/unit/transport/heartbeat_directory_test.cc \
	tests/unit/transport/local_spool_test.cc
tests_unit_transport_test_LDADD = $(room_libs) $(GTEST_LIBS)
