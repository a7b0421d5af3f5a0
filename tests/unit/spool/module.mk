# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/spool_test
tests_unit_spool_test_SOURCES = \
	tests/unit/spool/adoption_test.cc \
	tests/unit/spool/claim_name_test.cc \
	tests/unit/spool/crash_test.cc \
	tests/unit/spool/directory_watch_test.cc \
	tests/unit/spool/rejected_test.cc \
	tests/unit/spool/reply_side_test.cc \
	tests/unit/spool/request_queue_test.cc \
	tests/unit/spool/safe_directory_test.cc \
	tests/unit/spool/spool_fixture.h \
	tests/unit/spool/survey_test.cc
tests_unit_spool_test_LDADD = libspool.a libbase.a $(SPDLOG_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
