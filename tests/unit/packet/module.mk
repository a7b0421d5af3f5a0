# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/packet_test
tests_unit_packet_test_CPPFLAGS = $(AM_CPPFLAGS) $(ASIO_WARNINGS) -DEJF_TEST_DATA='"$(abs_top_srcdir)/tests/data"'
tests_unit_packet_test_SOURCES = \
	tests/unit/packet/describe_test.cc \
	tests/unit/packet/heartbeat_test.cc \
	tests/unit/packet/layout_test.cc \
	tests/unit/packet/names_test.cc \
	tests/unit/packet/recorded_test.cc \
	tests/unit/packet/reply_test.cc \
	tests/unit/packet/request_test.cc \
	tests/unit/packet/robustness_test.cc \
	tests/unit/packet/samples.cc tests/unit/packet/samples.h \
	tests/unit/packet/who_test.cc
tests_unit_packet_test_LDADD = libpacket.a libbase.a -lboost_json $(SPDLOG_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
EXTRA_DIST += tests/data/packets
