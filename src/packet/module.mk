# SPDX-License-Identifier: Apache-2.0
# describe.cc needs -lboost_json where the library is linked.
noinst_LIBRARIES += libpacket.a
libpacket_a_CXXFLAGS = $(AM_CXXFLAGS) $(NULLDEREFCXXFLAGS)
libpacket_a_SOURCES = \
	src/packet/codec.cc src/packet/codec.h \
	src/packet/compile_reply.cc src/packet/compile_reply.h \
	src/packet/compile_request.cc src/packet/compile_request.h \
	src/packet/describe.cc src/packet/describe.h \
	src/packet/names.cc src/packet/names.h \
	src/packet/utf8.cc src/packet/utf8.h \
	src/packet/versions.h
