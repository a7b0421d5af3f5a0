# SPDX-License-Identifier: Apache-2.0
# One archive for both ends: the server's program takes jail.o and wire.o from it, ej-jail the rest.
noinst_LIBRARIES += libjail.a
libjail_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libjail_a_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
libjail_a_SOURCES = \
	src/jail/admin_rules.cc src/jail/admin_rules.h \
	src/jail/admission.cc src/jail/admission.h \
	src/jail/box_store.cc src/jail/box_store.h \
	src/jail/broker.cc src/jail/broker.h src/jail/broker_impl.h \
	src/jail/broker_inits.cc \
	src/jail/broker_runs.cc \
	src/jail/broker_setup.cc src/jail/broker_setup.h \
	src/jail/broker_start.cc \
	src/jail/client.cc src/jail/client.h \
	src/jail/control_groups.cc src/jail/control_groups.h \
	src/jail/group_files.cc src/jail/group_files.h \
	src/jail/groups_v1.cc \
	src/jail/groups_v2.cc \
	src/jail/gap.h \
	src/jail/id_range.cc src/jail/id_range.h \
	src/jail/inmate.cc src/jail/inmate.h \
	src/jail/jail.cc src/jail/jail.h \
	src/jail/job_init.cc src/jail/job_init.h \
	src/jail/log_keeper.cc src/jail/log_keeper.h \
	src/jail/mend.cc src/jail/mend.h \
	src/jail/network.cc src/jail/network.h \
	src/jail/privileges.cc src/jail/privileges.h \
	src/jail/probe.cc src/jail/probe.h \
	src/jail/probe_groups.cc src/jail/probe_groups.h \
	src/jail/process_tree.cc src/jail/process_tree.h \
	src/jail/run_state.cc src/jail/run_state.h \
	src/jail/seccomp_filter.cc src/jail/seccomp_filter.h \
	src/jail/self_test.cc src/jail/self_test.h \
	src/jail/sweeper.cc src/jail/sweeper.h \
	src/jail/uid_lease.cc src/jail/uid_lease.h \
	src/jail/view.cc src/jail/view.h \
	src/jail/walls.cc src/jail/walls.h \
	src/jail/wire.cc src/jail/wire.h \
	src/jail/zygote.cc src/jail/zygote.h

# Static, so that it is small, starts fast and does not depend on what it shows to jobs.
serverbin_PROGRAMS += ej-jail
ej_jail_command_sources = \
	src/tools/ej_jail.cc \
	src/tools/jail_commands.h \
	src/tools/jail_once.cc src/tools/jail_once.h \
	src/tools/jail_run.cc \
	src/tools/jail_self_test.cc
ej_jail_SOURCES = $(ej_jail_command_sources)
ej_jail_LDADD = libjail.a libbase.a $(SECCOMP_LIBS)
ej_jail_LDFLAGS = $(jail_ldflags)
