# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libobserve.a
libobserve_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libobserve_a_SOURCES = src/observe/counters.cc src/observe/counters.h
