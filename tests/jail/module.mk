# SPDX-License-Identifier: Apache-2.0
# Needs ej-jail (its path in EJ_JAIL) and rights, so it is not among unit_tests: `make check-jail` runs it as who calls,
# and for root once more as an ordinary user.
check_PROGRAMS += tests/jail/jail_test
tests_jail_jail_test_SOURCES = \
	tests/jail/box_test.cc \
	tests/jail/compiles_test.cc \
	tests/jail/extra_sources_test.cc \
	tests/jail/groups_test.cc \
	tests/jail/hostile_test.cc \
	tests/jail/jail_test.cc \
	tests/jail/parked_test.cc \
	tests/jail/prison.cc tests/jail/prison.h \
	tests/jail/walls_test.cc
tests_jail_jail_test_LDADD = libcompile.a libjail.a libbase.a $(SECCOMP_LIBS) $(FMT_LIBS) $(GTEST_LIBS)
EXTRA_DIST += tests/jail/activate tests/jail/private-etc tests/jail/run.sh tests/jail/attacks

# ej-jail with walls that can be left out, for tests/jail/attacks/run. What asks for gaps is compiled anew; the rest, and
# all that asks for none, comes from the archive.
check_PROGRAMS += tests/jail/ej-jail-with-gaps
tests_jail_ej_jail_with_gaps_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS) -DEJF_GAPS
tests_jail_ej_jail_with_gaps_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
tests_jail_ej_jail_with_gaps_SOURCES = \
	src/jail/box_store.cc \
	src/jail/broker_runs.cc \
	src/jail/inmate.cc \
	src/jail/job_init.cc \
	src/jail/seccomp_filter.cc \
	src/jail/view.cc \
	src/jail/walls.cc \
	src/jail/zygote.cc \
	$(ej_jail_command_sources) \
	tests/jail/gaps.cc
tests_jail_ej_jail_with_gaps_LDADD = libjail.a libbase.a $(SECCOMP_LIBS)
tests_jail_ej_jail_with_gaps_LDFLAGS = $(jail_ldflags)

.PHONY: check-jail
check-jail: tests/jail/jail_test tests/jail/ej-jail-with-gaps ej-jail ej-compile
	$(SHELL) $(srcdir)/tests/jail/run.sh $(abs_builddir)/tests/jail/jail_test $(abs_builddir)/ej-jail
	BUILD=$(abs_builddir) $(srcdir)/tests/jail/attacks/run
