# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libconfig.a
libconfig_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libconfig_a_CPPFLAGS = $(AM_CPPFLAGS) $(PUGIXML_CFLAGS) $(INIH_CFLAGS)
libconfig_a_SOURCES = \
	src/config/cfg_document.cc src/config/cfg_document.h \
	src/config/cfg_expression.cc src/config/cfg_expression.h \
	src/config/cfg_line.cc src/config/cfg_line.h \
	src/config/cfg_reader.cc src/config/cfg_reader.h \
	src/config/charset.cc src/config/charset.h \
	src/config/compile_cfg.cc src/config/compile_cfg.h \
	src/config/compile_cfg_export.cc \
	src/config/compile_cfg_keys.cc src/config/compile_cfg_keys.h \
	src/config/diagnostics.cc src/config/diagnostics.h \
	src/config/ejudge_xml.cc src/config/ejudge_xml.h \
	src/config/escapes.cc src/config/escapes.h \
	src/config/ini_reader.cc src/config/ini_reader.h \
	src/config/lang_id_map.cc src/config/lang_id_map.h \
	src/config/settings.cc src/config/settings.h \
	src/config/shell_cfg.cc src/config/shell_cfg.h \
	src/config/site.cc src/config/site.h \
	src/config/test_info.cc src/config/test_info.h
config_libs = libconfig.a libbase.a $(PUGIXML_LIBS) $(INIH_LIBS) $(SPDLOG_LIBS) $(FMT_LIBS)
