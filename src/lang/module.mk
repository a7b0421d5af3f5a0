# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += liblang.a
liblang_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
liblang_a_SOURCES = \
	src/lang/cfg_file.cc src/lang/cfg_file.h \
	src/lang/cfg_update.cc src/lang/cfg_update.h \
	src/lang/columns.cc src/lang/columns.h \
	src/lang/configurator.cc src/lang/configurator_jail.cc src/lang/configurator.h \
	src/lang/jail_test.h \
	src/lang/language_filter.cc src/lang/language_filter.h \
	src/lang/language_ids.cc src/lang/language_ids.h \
	src/lang/language_list.cc src/lang/language_list.h \
	src/lang/menu.cc src/lang/menu.h \
	src/lang/menu_picture.cc \
	src/lang/own_language.cc src/lang/own_language.h \
	src/lang/path_completion.cc src/lang/path_completion.h \
	src/lang/probe.cc src/lang/probe.h \
	src/lang/recipe.cc src/lang/recipe.h \
	src/lang/samples.cc src/lang/samples.h \
	src/lang/script_runner.cc src/lang/script_runner.h \
	src/lang/site_files.cc src/lang/site_files.h \
	src/lang/stage.cc src/lang/stage.h \
	src/lang/templates.cc src/lang/templates.h \
	src/lang/termination.cc src/lang/termination.h \
	src/lang/text_diff.cc src/lang/text_diff.h \
	src/lang/variants.cc src/lang/variants.h
