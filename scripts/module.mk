# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += \
	.ci \
	conf/ejforge.ini \
	scripts/check \
	scripts/common.sh \
	scripts/deps \
	scripts/quickstart \
	scripts/quickstart-table \
	doc/architecture.md \
	doc/languages.md \
	doc/own-language.md
