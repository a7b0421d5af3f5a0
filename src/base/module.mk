# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbase.a
libbase_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DEJF_PREFIX_DIR='"$(prefix)"' \
	-DEJF_LIBEXEC_DIR='"$(libexecdir)"' \
	-DEJF_SERVER_BIN_DIR='"$(serverbindir)"' \
	-DEJF_LANG_DIR='"$(langdir)"'
libbase_a_SOURCES = \
	src/base/atomic_file.cc src/base/atomic_file.h \
	src/base/base64.cc src/base/base64.h \
	src/base/build_info.cc src/base/build_info.h \
	src/base/bytes.cc src/base/bytes.h \
	src/base/child.cc src/base/child.h \
	src/base/clock.cc src/base/clock.h \
	src/base/error.cc src/base/error.h \
	src/base/fault_point.cc src/base/fault_point.h \
	src/base/file_lock.cc src/base/file_lock.h \
	src/base/files.cc src/base/files.h \
	src/base/log.cc src/base/log.h \
	src/base/result.h \
	src/base/temp_dir.cc src/base/temp_dir.h \
	src/base/text.cc src/base/text.h \
	src/base/text_shown.cc \
	src/base/unique_fd.cc src/base/unique_fd.h \
	src/base/uuid.cc src/base/uuid.h
