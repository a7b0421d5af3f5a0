# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/jail_test
tests_unit_jail_test_SOURCES = \
	tests/unit/jail/admission_test.cc \
	tests/unit/jail/filter_test.cc \
	tests/unit/jail/group_files_test.cc \
	tests/unit/jail/inmate_test.cc \
	tests/unit/jail/log_keeper_test.cc \
	tests/unit/jail/run_state_test.cc \
	tests/unit/jail/wire_test.cc
tests_unit_jail_test_LDADD = libjail.a libbase.a $(SECCOMP_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
