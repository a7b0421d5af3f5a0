# SPDX-License-Identifier: Apache-2.0
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
# 0 would not do: for a pipe in core_pattern the helper, which is root on the host, runs all the same.
judge(hard != 1, "the limit of core files is %d" % hard)
ctypes.string_at(0)
