# SPDX-License-Identifier: Apache-2.0
# describe.cc needs -lboost_json where the library is linked.
noinst_LIBRARIES += libpacket.a
# What a tool generates is none of our style: for the compiler it is a header of the system.
libpacket_a_CPPFLAGS = $(AM_CPPFLAGS) -isystem $(top_builddir)/generated
libpacket_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libpacket_a_SOURCES = \
	src/packet/codec.cc src/packet/codec.h \
	src/packet/compile_reply.cc src/packet/compile_reply.h \
	src/packet/compile_request.cc src/packet/compile_request.h \
	src/packet/describe.cc src/packet/describe.h \
	src/packet/heartbeat.cc src/packet/heartbeat.h \
	src/packet/names.cc src/packet/names.h \
	src/packet/utf8.cc src/packet/utf8.h \
	src/packet/versions.h

# The reader and writer of heartbeats, made from their schema into the build tree. Named as what the object needs, because
# BUILT_SOURCES would be made for "make all" only, and a single program may be asked for.
heartbeat_header = generated/packet/compile_heartbeat_generated.h
nodist_libpacket_a_SOURCES = $(heartbeat_header)
EXTRA_DIST += src/packet/compile_heartbeat.fbs
CLEANFILES += $(heartbeat_header)
$(heartbeat_header): src/packet/compile_heartbeat.fbs
	$(AM_V_GEN)$(MKDIR_P) generated/packet && $(FLATC) --cpp -o generated/packet $(top_srcdir)/src/packet/compile_heartbeat.fbs
src/packet/libpacket_a-heartbeat.$(OBJEXT): $(heartbeat_header)
