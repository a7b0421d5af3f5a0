# SPDX-License-Identifier: Apache-2.0
include tests/unit/base/module.mk
include tests/unit/packet/module.mk
include tests/unit/config/module.mk
include tests/unit/spool/module.mk
include tests/unit/observe/module.mk
include tests/unit/jail/module.mk
include tests/unit/lang/module.mk
include tests/unit/compile/module.mk
include tests/unit/server/module.mk
include tests/unit/transport/module.mk
include tests/unit/tools/module.mk
include tests/jail/module.mk
include tests/vm/module.mk
include tests/e2e/module.mk
include tests/style/module.mk
include tests/fuzz/module.mk
include tests/fuzz/config.mk

# For scripts/check: what there is to run, and where the programs lie. Each line says what it is, because make may talk.
.PHONY: list-programs
list-programs:
	@printf 'unit-test %s\n' $(unit_tests)
	@printf 'program %s\n' $(bin_PROGRAMS) $(serverbin_PROGRAMS) $(noinst_PROGRAMS) $(check_PROGRAMS)
	@printf 'installed %s\n' $(bin_PROGRAMS) $(serverbin_PROGRAMS)

# For tests/style/tidy, which compiles nothing and so needs only what the preprocessor and the language need.
.PHONY: list-flags
list-flags:
	$(info $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(asio_cppflags) $(libbase_a_CPPFLAGS) $(libpacket_a_CPPFLAGS) -std=c++20 \
	  $(SECCOMP_CFLAGS) $(PUGIXML_CFLAGS) $(FMT_CFLAGS) $(SPDLOG_CFLAGS) $(INIH_CFLAGS) $(LIBZIP_CFLAGS))
	@:

# For tests/fuzz/search, which compiles what it needs with clang.
.PHONY: list-libraries
list-libraries:
	$(info -Wl,--as-needed $(SPDLOG_LIBS) $(FMT_LIBS) $(PUGIXML_LIBS) $(INIH_LIBS) $(LIBZIP_LIBS) $(SECCOMP_LIBS) -lboost_json)
	@:
