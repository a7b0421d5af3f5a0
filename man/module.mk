# SPDX-License-Identifier: Apache-2.0
dist_man_MANS += \
	man/ej-compile.1 \
	man/ej-jail.1 \
	man/ej-vcs-compile.1 \
	man/ejforge.1 \
	man/ejforge.ini.5 \
	man/ejudge-configure-compilers.1
