# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += \
	.clang-format \
	.clang-tidy \
	tests/style/cppcheck-suppressions \
	tests/style/length_rules.py \
	tests/style/man_rules.py \
	tests/style/run \
	tests/style/source_rules.py \
	tests/style/tidy \
	tests/style/tool_rules.py \
	tests/style/tree.py \
	tests/fuzz/search
