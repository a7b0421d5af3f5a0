# SPDX-License-Identifier: Apache-2.0
serverbin_PROGRAMS += ej-compile
ej_compile_SOURCES = src/tools/ej_compile.cc
ej_compile_LDADD = libserver.a $(room_libs)

# Static like ej-jail, for the same reasons: it runs in the jail.
serverbin_PROGRAMS += ej-vcs-compile
ej_vcs_compile_SOURCES = src/tools/ej_vcs_compile.cc
ej_vcs_compile_LDADD = libbase.a
ej_vcs_compile_LDFLAGS = $(jail_ldflags)

# All but the main files: what two programs have in common, and what a test asks for, is compiled once.
noinst_LIBRARIES += libtools.a
libtools_a_CPPFLAGS = $(AM_CPPFLAGS) $(asio_cppflags)
libtools_a_SOURCES = \
	src/tools/commands.h \
	src/tools/compile_file.cc \
	src/tools/configure_options.cc src/tools/configure_options.h \
	src/tools/configure_report.cc src/tools/configure_report.h \
	src/tools/doctor.cc src/tools/doctor.h \
	src/tools/doctor_jail.cc \
	src/tools/doctor_site.cc \
	src/tools/doctor_spool.cc \
	src/tools/doctor_toolchains.cc \
	src/tools/jail_test.cc src/tools/jail_test.h \
	src/tools/lang_check.cc src/tools/lang_check.h \
	src/tools/lang_command.cc src/tools/lang_command.h \
	src/tools/lang_info.cc src/tools/lang_info.h \
	src/tools/lang_list.cc \
	src/tools/lang_report.cc src/tools/lang_report.h \
	src/tools/lang_new.cc \
	src/tools/lang_test.cc \
	src/tools/lang_trial.cc src/tools/lang_trial.h \
	src/tools/options.cc src/tools/options.h \
	src/tools/packet_command.cc \
	src/tools/printable.cc src/tools/printable.h \
	src/tools/queue_command.cc \
	src/tools/result_view.cc src/tools/result_view.h \
	src/tools/sample_loop.cc src/tools/sample_loop.h \
	src/tools/sample_run.cc src/tools/sample_run.h \
	src/tools/screen.cc src/tools/screen.h \
	src/tools/submit.cc \
	src/tools/visual.cc src/tools/visual.h

bin_PROGRAMS += ejforge
ejforge_SOURCES = src/tools/ejforge.cc
ejforge_LDADD = libtools.a libserver.a $(room_libs) -lboost_program_options

bin_PROGRAMS += ejudge-configure-compilers
ejudge_configure_compilers_SOURCES = src/tools/configure_compilers.cc
ejudge_configure_compilers_LDADD = libtools.a libserver.a $(room_libs) $(NCURSES_LIBS)
