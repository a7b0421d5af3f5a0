# SPDX-License-Identifier: Apache-2.0
# The programs by which languages are tried: correct<suffix> and wrong<suffix> for each, and who shares them.
samplesdir = $(libexecdir)/ejudge
nobase_dist_samples_DATA = \
	lang/samples/aliases.cfg \
	lang/samples/bash/correct.sh \
	lang/samples/bash/wrong.sh \
	lang/samples/fpc/correct.pas \
	lang/samples/fpc/wrong.pas \
	lang/samples/g++/correct.cpp \
	lang/samples/g++/wrong.cpp \
	lang/samples/gcc/correct.c \
	lang/samples/gcc/wrong.c \
	lang/samples/gccgo/correct.go \
	lang/samples/gccgo/wrong.go \
	lang/samples/gfortran/correct.for \
	lang/samples/gfortran/wrong.for \
	lang/samples/ghc/correct.hs \
	lang/samples/ghc/wrong.hs \
	lang/samples/javac/correct.java \
	lang/samples/javac/wrong.java \
	lang/samples/mcs/correct.cs \
	lang/samples/mcs/wrong.cs \
	lang/samples/node/correct.js \
	lang/samples/node/wrong.js \
	lang/samples/perl/correct.pl \
	lang/samples/perl/wrong.pl \
	lang/samples/php/correct.php \
	lang/samples/php/wrong.php \
	lang/samples/python3/correct.py \
	lang/samples/python3/wrong.py \
	lang/samples/ruby/correct.rb \
	lang/samples/ruby/wrong.rb \
	lang/samples/rust/correct.rs \
	lang/samples/rust/wrong.rs
