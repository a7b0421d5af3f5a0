# SPDX-License-Identifier: Apache-2.0
# The jail in virtual machines, with each kind of control groups: `scripts/check --vm`.
EXTRA_DIST += tests/vm/run tests/vm/init tests/vm/guest tests/vm/lib
