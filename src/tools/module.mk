# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += ejudge-configure-compilers
ejudge_configure_compilers_SOURCES = src/tools/configure_compilers.cc
ejudge_configure_compilers_LDADD = liblang.a $(config_libs)
