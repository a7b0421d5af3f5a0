# SPDX-License-Identifier: Apache-2.0
# Needs ej-jail (its path in EJ_JAIL) and rights, so it is not among unit_tests: `make check-jail` runs it as who calls,
# and for root once more as an ordinary user.
check_PROGRAMS += tests/jail/jail_test
tests_jail_jail_test_SOURCES = \
	tests/jail/box_test.cc \
	tests/jail/extra_sources_test.cc \
	tests/jail/jail_test.cc \
	tests/jail/prison.cc tests/jail/prison.h \
	tests/jail/walls_test.cc
tests_jail_jail_test_LDADD = libcompile.a libjail.a libbase.a $(SECCOMP_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
EXTRA_DIST += tests/jail/run.sh

.PHONY: check-jail
check-jail: tests/jail/jail_test ej-jail
	$(SHELL) $(srcdir)/tests/jail/run.sh $(abs_builddir)/tests/jail/jail_test $(abs_builddir)/ej-jail
