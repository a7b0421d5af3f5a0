# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libspool.a
libspool_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libspool_a_SOURCES = \
	src/spool/adoption.cc \
	src/spool/claim.cc src/spool/claim.h \
	src/spool/claim_name.cc src/spool/claim_name.h \
	src/spool/directory_watch.cc src/spool/directory_watch.h \
	src/spool/file_systems.cc src/spool/file_systems.h \
	src/spool/instance.cc src/spool/instance.h \
	src/spool/packet_index.cc src/spool/packet_index.h \
	src/spool/queue_core.h \
	src/spool/rejected.cc src/spool/rejected.h \
	src/spool/rename_new.cc src/spool/rename_new.h \
	src/spool/reply_side.cc src/spool/reply_side.h \
	src/spool/request_queue.cc src/spool/request_queue.h \
	src/spool/safe_directory.cc src/spool/safe_directory.h \
	src/spool/survey.cc src/spool/survey.h
