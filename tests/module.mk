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
include tests/e2e/module.mk
include tests/style/module.mk
include tests/fuzz/module.mk
