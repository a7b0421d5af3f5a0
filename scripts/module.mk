# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += \
	.ci \
	scripts/check \
	scripts/common.sh \
	scripts/deps \
	scripts/quickstart \
	scripts/quickstart-table \
	doc/architecture.md \
	doc/languages.md \
	doc/faults.md \
	doc/own-language.md
