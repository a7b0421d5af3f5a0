# SPDX-License-Identifier: Apache-2.0
# The fuzzers as ordinary programs that replay a corpus: tests/fuzz/replay_X tests/fuzz/corpus/X
check_PROGRAMS += tests/fuzz/replay_request tests/fuzz/replay_reply tests/fuzz/replay_heartbeat
replay_ldadd = libpacket.a libbase.a -lboost_json $(SPDLOG_LIBS) $(FMT_LIBS)
tests_fuzz_replay_request_SOURCES = tests/fuzz/fuzz_request.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_request_LDADD = $(replay_ldadd)
tests_fuzz_replay_reply_SOURCES = tests/fuzz/fuzz_reply.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_reply_LDADD = $(replay_ldadd)
tests_fuzz_replay_heartbeat_SOURCES = tests/fuzz/fuzz_heartbeat.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_heartbeat_LDADD = $(replay_ldadd)
EXTRA_DIST += tests/fuzz/corpus
