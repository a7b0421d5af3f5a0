# SPDX-License-Identifier: Apache-2.0
dist_lang_DATA += lang/lang_ids.cfg
dist_langin_SCRIPTS += lang/in/bash-version.in \
	lang/in/bash.in \
	lang/in/clang++-version.in \
	lang/in/clang++.in \
	lang/in/clang-version.in \
	lang/in/clang.in \
	lang/in/custom-version.in \
	lang/in/custom.in \
	lang/in/ejf-java-class.in \
	lang/in/ejf-lang.in \
	lang/in/ejf-probe.in \
	lang/in/fpc-version.in \
	lang/in/fpc.in \
	lang/in/g++-32-version.in \
	lang/in/g++-32.in \
	lang/in/g++-version.in \
	lang/in/g++.in \
	lang/in/gcc-32-version.in \
	lang/in/gcc-32.in \
	lang/in/gcc-version.in \
	lang/in/gcc.in \
	lang/in/gccgo-version.in \
	lang/in/gccgo.in \
	lang/in/gfortran-version.in \
	lang/in/gfortran.in \
	lang/in/ghc-version.in \
	lang/in/ghc.in \
	lang/in/javac-version.in \
	lang/in/javac.in \
	lang/in/mcs-version.in \
	lang/in/mcs.in \
	lang/in/node-version.in \
	lang/in/node.in \
	lang/in/perl-version.in \
	lang/in/perl.in \
	lang/in/php-version.in \
	lang/in/php.in \
	lang/in/pypy3-version.in \
	lang/in/pypy3.in \
	lang/in/python3-version.in \
	lang/in/python3.in \
	lang/in/ruby-version.in \
	lang/in/ruby.in \
	lang/in/rust-version.in \
	lang/in/rust.in
EXTRA_DIST += tests/lang
