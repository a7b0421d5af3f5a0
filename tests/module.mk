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
include tests/unit/tools/module.mk
include tests/jail/module.mk
include tests/e2e/module.mk
include tests/style/module.mk
include tests/fuzz/module.mk

# For scripts/check: what there is to run, and where the programs lie.
.PHONY: list-unit-tests list-programs list-installed
list-unit-tests:
	@printf '%s\n' $(unit_tests)
list-programs:
	@printf '%s\n' $(bin_PROGRAMS) $(serverbin_PROGRAMS) $(noinst_PROGRAMS) $(check_PROGRAMS)
list-installed:
	@printf '%s\n' $(bin_PROGRAMS) $(serverbin_PROGRAMS)
