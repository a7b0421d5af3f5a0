# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += liblang.a
liblang_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
liblang_a_SOURCES = \
	src/lang/cfg_file.cc src/lang/cfg_file.h \
	src/lang/cfg_update.cc src/lang/cfg_update.h \
	src/lang/configurator.cc src/lang/configurator.h \
	src/lang/language_ids.cc src/lang/language_ids.h \
	src/lang/language_list.cc src/lang/language_list.h \
	src/lang/probe.cc src/lang/probe.h \
	src/lang/recipe.cc src/lang/recipe.h \
	src/lang/script_runner.cc src/lang/script_runner.h \
	src/lang/templates.cc src/lang/templates.h \
	src/lang/variants.cc src/lang/variants.h
