# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/base_test
tests_unit_base_test_SOURCES = \
	tests/unit/base/base64_test.cc \
	tests/unit/base/bytes_test.cc \
	tests/unit/base/files_test.cc \
	tests/unit/base/text_test.cc
tests_unit_base_test_LDADD = libbase.a $(SPDLOG_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
