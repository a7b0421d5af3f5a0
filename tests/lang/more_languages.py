# SPDX-License-Identifier: Apache-2.0
"""The languages that ejudge does not have: what their tools say, how they are started, what becomes of a source."""

import collections

# How the tool is asked for its version, what it says and what that comes to; what a wrong sample makes it say.
# calls: what a compile script starts, a line each, by default and with FLAGS; T is a directory for the compiler's own
# files, * is anything.
Compiled = collections.namedtuple("Compiled", "suffix variable tool ask says version calls flagged complaint")
# before, flagged, after: what stands before the source, the same with FLAGS, and what stands behind it. complaint is
# None where nothing checks the syntax.
Interpreted = collections.namedtuple("Interpreted",
                                     "suffix variable tool ask says version before flagged after complaint")

FLAGS = {"EJUDGE_FLAGS": "-F 1", "EJUDGE_FLAGS_2": "-G 2", "EJUDGE_LIBS": "-L3"}
# Where the flags become one word with the interpreter's own.
ONE_WORD = {"EJUDGE_FLAGS": "-x"}

GCC = "Using built-in specs.\nCOLLECT_GCC=x\nThread model: posix\ngcc version 12.2.0 (Debian 12.2.0-14+deb12u1) \n"
CLANG = "Debian clang version 14.0.6\nTarget: x86_64-pc-linux-gnu\n"
TSC = ("tsc --pretty false --noEmitOnError --moduleDetection force --module commonjs {} --outDir T/js * S{}")

COMPILED = {
    "ocaml": Compiled(".ml", "OCAMLRUN", "ocamlopt", "-version", "4.13.1\n", "4.13.1",
                      ["ocamlopt -O3 str.cmxa unix.cmxa S -o D"], ["ocamlopt -F 1 -L3 S -G 2 -o D"], "has type int"),
    "ldc": Compiled(".d", "LDCRUN", "ldc2", "--version", "LDC - the LLVM D compiler (1.30.0):\n  based on DMD\n",
                    "1.30.0", ["ldc2 -O3 -release S -of=D"], ["ldc2 -F 1 S -G 2 -L3 -of=D"], "writelm"),
    "gdc": Compiled(".d", "GDCRUN", "gdc", "-v", GCC, "12.2.0",
                    ["gdc -O2 -frelease S -o D"], ["gdc -F 1 S -G 2 -L3 -o D"], "writelm"),
    "gnat": Compiled(".adb", "GNATRUN", "gnatmake", "--version", "GNATMAKE 12.2.0\nCopyright (C) 1995-2022\n", "12.2.0",
                     ["gnatchop -w S", "gnatmake -q -f -O2 -gnat2012 unit.adb -o D"],
                     ["gnatchop -w S", "gnatmake -q -f -F 1 unit.adb -G 2 -o D"], '"C" is undefined'),
    "gfortran-free": Compiled(".f90", "GFORTRANRUN", "gfortran", "--version",
                              "GNU Fortran (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022\n", "12.2.0",
                              ["gfortran -O2 S -o D"], ["gfortran -F 1 S -G 2 -o D -L3"], "no IMPLICIT type"),
    "swipl": Compiled(".pl", "SWIPLRUN", "swipl", "--version", "SWI-Prolog version 9.0.4 for x86_64-linux\n", "9.0.4",
                      ["swipl -q -O --goal=main --toplevel=halt --on-error=status --stand_alone=true -o D -c S"],
                      ["swipl -q -F 1 --goal=main --toplevel=halt --on-error=status --stand_alone=true -G 2 -o D -c S"],
                      "Syntax error"),
    "chicken": Compiled(".scm", "CHICKENRUN", "csc", "-version",
                        "CHICKEN\n(c) 2008-2021, The CHICKEN Team\nVersion 5.3.0 (rev e31bbee5)\n", "5.3.0",
                        ["csc -O3 S -o D"], ["csc -F 1 S -G 2 -L3 -o D"], "unterminated list"),
    "nim": Compiled(".nim", "NIMRUN", "nim", "--version", "Nim Compiler Version 1.6.10 [Linux: amd64]\n", "1.6.10",
                    ["nim c --hints:off --colors:off --nimcache:T -d:release -o:D S"],
                    ["nim c --hints:off --colors:off --nimcache:T -F 1 -G 2 -o:D S"], "undeclared identifier"),
    "crystal": Compiled(".cr", "CRYSTALRUN", "crystal", "--version", "Crystal 1.6.0 (2022-10-06)\n\nLLVM: 14.0.6\n",
                        "1.6.0", ["crystal build --no-color --release -o D S"],
                        ["crystal build --no-color -F 1 -G 2 -o D S"], "undefined local variable"),
    "clojure": Compiled(".clj", "CLOJURERUN", "clojure", "-e (println (clojure-version))", "1.11.1\n", "1.11.1",
                        ["java -cp /usr/share/java/clojure.jar:T:T/classes clojure.main T/build.clj S T/classes",
                         "jar -c -f D -m T/manifest -e ejf_start -C T/classes ."],
                        ["java -F 1 -cp /usr/share/java/clojure.jar:T:T/classes clojure.main T/build.clj S T/classes",
                         "jar -c -f D -m T/manifest -e ejf_start -C T/classes ."], "EOF while reading"),
    "groovy": Compiled(".groovy", "GROOVYRUN", "groovyc", "--version", "Groovy compiler version 2.4.21\nCopyright\n",
                       "2.4.21", ["groovyc -d T/classes Main.groovy",
                                  "jar -c -f D -m T/manifest -e Main -C T/classes ."],
                       ["groovyc -F 1 -G 2 -d T/classes Main.groovy",
                        "jar -c -f D -m T/manifest -e Main -C T/classes ."], "unexpected token"),
    "gobjc": Compiled(".m", "OBJCRUN", "gcc", "-v", GCC, "12.2.0", ["gcc -x objective-c -O2 S -o D -lobjc -lm"],
                      ["gcc -x objective-c -F 1 S -G 2 -o D -L3"], "undeclared"),
    "tsc": Compiled(".ts", "TSCRUN", "tsc", "--version", "Version 4.8.4\n", "4.8.4",
                    [TSC.format("--target es2022 --lib es2022", "")], [TSC.format("-F 1", " -G 2")], "not assignable"),
    "gnucobol": Compiled(".cob", "COBOLRUN", "cobc", "--version", "cobc (GnuCOBOL) 3.1.2.0\nCopyright (C) 2020\n",
                         "3.1.2.0", ["cobc -x -free -O2 -o D S"], ["cobc -x -F 1 -G 2 -o D S -L3"], "not defined"),
    "haxe": Compiled(".hx", "HAXERUN", "haxe", "--version", "4.2.5\n", "4.2.5",
                     ["haxe --dce full --main Main --neko T/out.n", "nekotools boot out.n"],
                     ["haxe -F 1 --main Main -G 2 --neko T/out.n", "nekotools boot out.n"], "has no field"),
    "valac": Compiled(".vala", "VALARUN", "valac", "--version", "Vala 0.56.3\n", "0.56.3",
                      ["valac -X -O2 -X -w S -o D -X -lm"], ["valac -F 1 S -G 2 -o D -L3"], "does not exist"),
    "nasm-x86-64": Compiled(".asm", "NASMRUN", "nasm", "-v", "NASM version 2.16.01\n", "2.16.01",
                            ["nasm -Werror -DUNIX -f elf64 S -o T/o", "gcc -no-pie -z noexecstack T/o -o D"],
                            ["nasm -F 1 -DUNIX -f elf64 S -G 2 -o T/o", "gcc -no-pie -z noexecstack T/o -o D -L3"],
                            "not defined"),
    "icont": Compiled(".icn", "ICONRUN", "icont", "-V", "Icon Version 9.4.3, November 14, 2005  (linux, pthreads.c)\n",
                      "9.4.3", ["icont -s -o D S"], ["icont -s -F 1 -G 2 -o D S"], "missing right parenthesis"),
    "polyml": Compiled(".sml", "POLYCRUN", "polyc", "-v", "Poly/ML 5.7.1 Release    RTS version: X86_64-5.7.1\n",
                       "5.7.1", ["polyc -o D S"], ["polyc -F 1 -G 2 -o D S"], "Type error"),
    "llvm": Compiled(".ll", "CLANGRUN", "clang", "-v", CLANG, "14.0.6", ["clang -O2 -Wno-override-module S -o D -lm"],
                     ["clang -F 1 S -G 2 -o D -L3"], "undefined value"),
    "iverilog": Compiled(".v", "IVERILOGRUN", "iverilog", "-V", "Icarus Verilog version 11.0 (stable) ()\n", "11.0",
                         ["iverilog -g2012 -o D S"], ["iverilog -F 1 -G 2 -o D S"], "Unable to bind"),
}

PLAIN, FLAGGED = "#! TOOL \n\n", "#! TOOL -F 1\n\n"
F, XF = "#! TOOL -f\n\n", "#! TOOL -xf\n\n"

INTERPRETED = {
    "lua": Interpreted(".lua", "LUAPATH", "lua5.4", "-v", "Lua 5.4.4  Copyright (C) 1994-2022 Lua.org, PUC-Rio\n",
                       "5.4.4", PLAIN, FLAGGED, "", "wrong.lua:3: ')' expected"),
    "luajit": Interpreted(".lua", "LUAJITPATH", "luajit", "-v", "LuaJIT 2.1.0-beta3 -- Copyright (C) 2005-2022\n",
                          "2.1.0-beta3", PLAIN, FLAGGED, "", "')' expected"),
    "r": Interpreted(".R", "RSCRIPTPATH", "Rscript", "--version",
                     "Rscript (R) version 4.2.2 Patched (2022-11-10 r83330)\n", "4.2.2",
                     "#! TOOL --vanilla\n\n", FLAGGED, "", "unexpected end of input"),
    "gawk": Interpreted(".awk", "GAWKPATH", "gawk", "--version", "GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1\n", "5.2.1",
                        F, XF, "", "END OF FILE"),
    "mawk": Interpreted(".awk", "MAWKPATH", "mawk", "-W version", "mawk 1.3.4 20200120\nCopyright 2008\n", "1.3.4",
                        F, F, "", "missing }"),
    "dash": Interpreted(".sh", "DASHPATH", "dash", "", "", None, PLAIN, FLAGGED, "", "Syntax error"),
    "zsh": Interpreted(".sh", "ZSHPATH", "zsh", "--version", "zsh 5.9 (x86_64-debian-linux-gnu)\n", "5.9",
                       F, FLAGGED, "", "parse error"),
    "fish": Interpreted(".fish", "FISHPATH", "fish", "--version", "fish, version 3.6.0\n", "3.6.0",
                        "#! TOOL -N\n\n", FLAGGED, "", "Missing end"),
    "mksh": Interpreted(".sh", "MKSHPATH", "mksh", '-c echo "$KSH_VERSION"', "@(#)MIRBSD KSH R59 2023/04/29 +Debian\n",
                        "R59", PLAIN, FLAGGED, "", "unmatched 'if'"),
    "sbcl": Interpreted(".lisp", "SBCLPATH", "sbcl", "--version", "SBCL 2.2.9.debian\n", "2.2.9.debian",
                        "#! TOOL --script\n\n", FLAGGED, "", "end of file"),
    "clisp": Interpreted(".lisp", "CLISPPATH", "clisp", "--version",
                         "GNU CLISP 2.49.93+ (2018-02-18) (built on example.org)\n", "2.49.93",
                         "#! TOOL -C\n\n", FLAGGED, "", "ends within an object"),
    "gcl": Interpreted(".lisp", "GCLPATH", "gcl", "--version", "GCL 2.6.14 git tag Version_2_6_15pre3\n", "2.6.14",
                       F, FLAGGED, "", None),
    "ecl": Interpreted(".lisp", "ECLPATH", "ecl", "--version", "ECL 21.2.1\n", "21.2.1",
                       "#! TOOL --shell\n\n", FLAGGED, "", "end of file"),
    "guile": Interpreted(".scm", "GUILEPATH", "guile", "--version", "guile (GNU Guile) 3.0.8\nPackaged by Debian\n",
                         "3.0.8", "#! TOOL \\\n--no-auto-compile -s\n!#\n", "#! TOOL \\\n-F 1 -s\n!#\n", "",
                         "wrong.scm:5:1: unexpected end of input"),
    "chez": Interpreted(".scm", "CHEZPATH", "chezscheme", "--version", "9.5.8\n", "9.5.8",
                        "#! TOOL --script\n\n", FLAGGED, "", None),
    "racket": Interpreted(".rkt", "RACKETPATH", "racket", "--version", "Welcome to Racket v8.7 [cs].\n", "8.7",
                          PLAIN, FLAGGED, "", "unbound identifier"),
    "erlang": Interpreted(".erl", "ESCRIPTPATH", "escript", "", "", "25", "#! TOOL -c\n%%! \n",
                          "#! TOOL -c\n%%! -F 1\n", "", "'C' is unbound"),
    "elixir": Interpreted(".exs", "ELIXIRPATH", "elixir", "--version",
                          "Erlang/OTP 25 [erts-13.1.5] [source]\n\nElixir 1.14.0 (compiled with Erlang/OTP 24)\n",
                          "1.14.0", PLAIN, FLAGGED, "", "wrong.exs:3:1: missing terminator"),
    "node-mjs": Interpreted(".mjs", "NODEPATH", "node", "--version", "v20.20.2\n", "20.20.2", PLAIN, FLAGGED, "",
                            "SyntaxError"),
    "gforth": Interpreted(".fs", "GFORTHPATH", "gforth-fast", "--version", "gforth 0.7.3\n", "0.7.3", PLAIN, FLAGGED,
                          "\nbye\n", None),
    "tcl": Interpreted(".tcl", "TCLSHPATH", "tclsh", "", "8.6.13\n", "8.6.13", PLAIN, FLAGGED, "", None),
    "raku": Interpreted(".raku", "RAKUPATH", "raku", "--version",
                        "Welcome to Rakudo\u2122 v2022.12.\nBuilt on MoarVM version 2022.12.\n", "2022.12",
                        PLAIN, FLAGGED, "", "Variable '$c' is not declared"),
    "octave": Interpreted(".m", "OCTAVEPATH", "octave-cli", "--version", "GNU Octave, version 7.3.0\nCopyright\n",
                          "7.3.0", "#! TOOL -qfH\n\n", FLAGGED, "", "syntax error"),
    "algol68g": Interpreted(".a68", "A68GPATH", "a68g", "--version", "Algol 68 Genie 3.1.2\nCopyright 2001-2023\n",
                            "3.1.2", PLAIN, FLAGGED, "", 'tag "c" has not been declared'),
    "pike": Interpreted(".pike", "PIKEPATH", "pike8.0", "--version", "Pike v8.0 release 1738 Copyright\n", "8.0",
                        PLAIN, FLAGGED, "", "syntax error"),
    "bc": Interpreted(".bc", "BCPATH", "bc", "--version", "bc 1.07.1\nCopyright 1991-1994\n", "1.07.1",
                      "#! TOOL -lq\n\n", FLAGGED, "\nquit\n", None),
    "dc": Interpreted(".dc", "DCPATH", "dc", "--version", "dc (GNU bc 1.07.1) 1.4.1\n\nCopyright 1994\n", "1.4.1",
                      PLAIN, FLAGGED, "", None),
    "jq": Interpreted(".jq", "JQPATH", "jq", "--version", "jq-1.6\n", "1.6", "#! TOOL -nRrf\n\n", XF, "",
                      "ad/0 is not defined"),
    "sqlite3": Interpreted(".sql", "SQLITEPATH", "sqlite3", "--version", "3.40.1 2022-12-28 14:03:47 df5c253c\n",
                           "3.40.1", "#! TOOL -init\n.bail on\n", "#! TOOL -init\n.bail on\n", "\n.exit 256\n", None),
    "regina": Interpreted(".rexx", "REGINAPATH", "regina", "-v", "REXX-Regina_3.6(MT) 5.00 31 Dec 2011\n", "3.6(MT)",
                          PLAIN, FLAGGED, "", None),
    "beef": Interpreted(".bf", "BEEFPATH", "beef", "--help", "Usage:\n", None, "#! TOOL\n", "#! TOOL\n", "", None),
    "text": Interpreted(".txt", "TAILPATH", "tail", "--version", "tail (GNU coreutils) 9.1\nCopyright\n", "9.1",
                        "#! TOOL -n+2\n", "#! TOOL -n+2\n", "", None),
    "picolisp": Interpreted(".l", "PICOLISPPATH", "picolisp", "-version -bye", "23.2.8\n", "23.2.8", PLAIN, FLAGGED,
                            "\n(bye)\n", None),
    "newlisp": Interpreted(".lsp", "NEWLISPPATH", "newlisp", "-v", "newLISP v.10.7.5 64-bit on Linux\n\n", "10.7.5",
                           PLAIN, FLAGGED, "\n(exit)\n", None),
    "sed": Interpreted(".sed", "SEDPATH", "sed", "--version", "sed (GNU sed) 4.9\nPackaged by Debian\n", "4.9", F, XF,
                       "", "unterminated"),
}

LANGUAGES = {**COMPILED, **INTERPRETED}

# What a language needs beside its tool.
HELPERS = {"clojure": ["java", "jar"], "groovy": ["java", "jar"], "tsc": ["node"], "haxe": ["nekotools"],
           "gnat": ["gnatchop"], "icont": ["iconx"], "erlang": ["erl"], "polyml": ["poly"], "nasm-x86-64": ["gcc"]}

# scripts/deps installs these for the tests, so they are tried for real wherever the tests run.
ALWAYS_REAL = {"algol68g", "bc", "beef", "chez", "chicken", "dash", "dc", "gawk", "gforth", "gfortran-free", "gobjc",
               "guile", "icont", "jq", "llvm", "lua", "luajit", "mawk", "mksh", "nasm-x86-64", "newlisp", "node-mjs",
               "regina", "sed", "sqlite3", "tcl", "text"}
