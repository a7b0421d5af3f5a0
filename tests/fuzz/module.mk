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
check_PROGRAMS += tests/fuzz/replay_spool_names tests/fuzz/replay_container_options tests/fuzz/replay_header_pattern \
	tests/fuzz/replay_request_log
tests_fuzz_replay_spool_names_SOURCES = tests/fuzz/fuzz_spool_names.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_spool_names_LDADD = libspool.a libbase.a $(SPDLOG_LIBS) $(FMT_LIBS)
tests_fuzz_replay_container_options_SOURCES = tests/fuzz/fuzz_container_options.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_container_options_LDADD = $(room_libs)
tests_fuzz_replay_header_pattern_SOURCES = tests/fuzz/fuzz_header_pattern.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_header_pattern_LDADD = $(room_libs)
tests_fuzz_replay_request_log_SOURCES = tests/fuzz/fuzz_request_log.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_request_log_LDADD = $(room_libs)
check_PROGRAMS += tests/fuzz/replay_jail_wire
tests_fuzz_replay_jail_wire_SOURCES = tests/fuzz/fuzz_jail_wire.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_jail_wire_LDADD = libjail.a libbase.a $(SECCOMP_LIBS) $(FMT_LIBS)
EXTRA_DIST += tests/fuzz/corpus
