# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/observe_test
tests_unit_observe_test_SOURCES = tests/unit/observe/counters_test.cc
tests_unit_observe_test_LDADD = libobserve.a $(GTEST_LIBS)
