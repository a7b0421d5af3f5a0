# SPDX-License-Identifier: Apache-2.0

# EJF_TRY_FLAG(FLAG, IF-YES, IF-NO): does the compiler take FLAG when compiling and linking?
AC_DEFUN([EJF_TRY_FLAG], [
  AS_VAR_PUSHDEF([cache], [ejf_cv_flag_$1])
  AC_CACHE_CHECK([whether $CXX takes $1], [cache], [
    ejf_saved="$CXXFLAGS"
    CXXFLAGS="$CXXFLAGS -Werror $1"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CXXFLAGS="$ejf_saved"])
  AS_VAR_IF([cache], [yes], [$2], [$3])
  AS_VAR_POPDEF([cache])])

AC_DEFUN([EJF_ADD_FLAG], [EJF_TRY_FLAG([$2], [$1="$$1 $2"], [:])])
AC_DEFUN([EJF_REQUIRE_FLAG], [EJF_TRY_FLAG([$2], [$1="$$1 $2"], [AC_MSG_ERROR([the compiler does not take $2])])])

# EJF_PKG(NAME, MODULES): a library that must be there
AC_DEFUN([EJF_PKG], [PKG_CHECK_MODULES([$1], [$2], [],
  [AC_MSG_ERROR([$2 is missing; scripts/deps installs what the build needs])])])

# EJF_DIR_DEFAULT(NAME, DEFAULT): the value of --enable-NAME, "" for "no", DEFAULT for "yes" or nothing
AC_DEFUN([EJF_DIR_DEFAULT], [
  AS_CASE(["x$enable_$1"],
    [xno], [EJF_$1=],
    [x|xyes], [EJF_$1=$2],
    [EJF_$1="$enable_$1"])
  AC_DEFINE_UNQUOTED(m4_toupper([EJF_DEFAULT_$1]), ["$EJF_$1"], [default of $1])
  AC_SUBST([EJF_$1])])

AC_DEFUN([EJF_USER_DEFAULT], [
  AS_CASE(["x$with_$1"], [x|xyes|xno], [EJF_$1=$2], [EJF_$1="$with_$1"])
  AC_DEFINE_UNQUOTED(m4_toupper([EJF_DEFAULT_$1]), ["$EJF_$1"], [default of $1])
  AC_SUBST([EJF_$1])])

AC_DEFUN([EJF_WARNINGS], [
  WARNCXXFLAGS=
  m4_foreach_w([ejf_flag], [-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wcast-align -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wmissing-declarations -Wnon-virtual-dtor
    -Woverloaded-virtual -Wundef -Wextra-semi -Wswitch-enum -Wduplicated-cond -Wduplicated-branches
    -Wlogical-op -Wsuggest-override], [EJF_ADD_FLAG([WARNCXXFLAGS], m4_defn([ejf_flag]))])
  # Asio's inlined code makes this one cry wolf at -O2, so rooms that include Asio go without it.
  NULLDEREFCXXFLAGS=
  AS_IF([test "x$enable_asan" != xyes], [EJF_ADD_FLAG([NULLDEREFCXXFLAGS], [-Wnull-dereference])])
  ASIO_WARNINGS=
  EJF_ADD_FLAG([ASIO_WARNINGS], [-Wno-mismatched-new-delete])
  AC_SUBST([ASIO_WARNINGS])
  AS_IF([test "x$enable_werror" = xyes], [WARNCXXFLAGS="$WARNCXXFLAGS -Werror"])
  AC_SUBST([WARNCXXFLAGS])
  AC_SUBST([NULLDEREFCXXFLAGS])])

AC_DEFUN([EJF_HARDENING], [
  HARDENCXXFLAGS=
  AS_IF([test "x$enable_asan" != xyes], [
    EJF_ADD_FLAG([HARDENCXXFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3])])
  m4_foreach_w([ejf_flag], [-D_GLIBCXX_ASSERTIONS -fstack-protector-strong -fstack-clash-protection
    -fcf-protection -fPIE], [EJF_ADD_FLAG([HARDENCXXFLAGS], m4_defn([ejf_flag]))])
  HARDENLDFLAGS=
  # m4_defn: its value stays one argument, commas and all.
  m4_foreach_w([ejf_flag], [-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack], [EJF_ADD_FLAG([HARDENLDFLAGS], m4_defn([ejf_flag]))])
  AC_SUBST([HARDENCXXFLAGS])
  AC_SUBST([HARDENLDFLAGS])])
