#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the jail tests as the caller. When that is root, then also as an ordinary user, in each way in which one gets a
# jail: user namespaces without and with ranges of user ids, ej-jail set-user-ID root, and ej-jail behind a socket.
# usage: run.sh JAIL_TEST EJ_JAIL [WAY]...    WAY: root user range setuid socket; all of them if none is given
set -eu
test_program=$1
broker=$2

if [ "$(id -u)" != 0 ]; then
  EJ_JAIL=$broker exec "$test_program"
fi
if [ -z "${EJF_PRIVATE_ETC:-}" ]; then
  exec "$(dirname "$0")/private-etc" "$0" "$@"
fi
shift 2
[ $# != 0 ] || set -- root user range setuid socket

# Copies, because the build directory and TMPDIR may lie where an ordinary user cannot go.
copy=$(mktemp -d -p /tmp)
activator=
cleanup() {
  [ -z "$activator" ] || kill "$activator"
  rm -rf "$copy"
}
trap cleanup EXIT
cp "$test_program" "$copy/jail_test"
cp "$broker" "$copy/ej-jail"
mkdir "$copy/tmp"
chmod 755 "$copy" "$copy/jail_test" "$copy/ej-jail"
chmod 1777 "$copy/tmp"
here=$(cd "$(dirname "$0")" && pwd)
cd /

# run_as UID FILTER [VARIABLE=VALUE]...
run_as() {
  uid=$1 filter=$2
  shift 2
  env TMPDIR="$copy/tmp" EJ_JAIL="$copy/ej-jail" "$@" setpriv --reuid "$uid" --regid "$uid" --clear-groups \
    "$copy/jail_test" --gtest_filter="$filter"
}

# A broker of root's is not its client's to kill, and who compiles does not depend on who started the broker.
roots='AnyJail.*:Modes/*:Walls.*:Visible.*-*SurvivesTheDeath*:*ManyJobs*:*LeavesNoGroups*:*ZygoteThatDied*'

for way in "$@"; do
  echo "--- jail tests: $way"
  case $way in
    root) EJ_JAIL=$broker "$test_program" ;;
    user) run_as 61999 '-RootOnly*:Hostile*' ;;
    range)
      [ -x /usr/bin/newuidmap ] || { echo "missing: newuidmap (package uidmap)" >&2; exit 1; }
      run_as 61998 '-RootOnly*:Hostile*:Compiles*' EJ_JAIL_NAMESPACES='user namespaces, a user id per slot'
      ;;
    setuid)
      chown root:61999 "$copy/ej-jail"
      chmod 4750 "$copy/ej-jail"
      run_as 61999 "$roots" EJ_JAIL_NAMESPACES=root
      chmod 755 "$copy/ej-jail"
      ;;
    socket)
      "$here/activate" "$copy/socket" "$copy/ej-jail" --broker &
      activator=$!
      while [ ! -S "$copy/socket" ]; do sleep 0.05; done
      run_as 61999 "$roots" EJ_JAIL_NAMESPACES=root EJ_JAIL_SOCKET="$copy/socket"
      ;;
    *) echo "run.sh: no such way: $way" >&2; exit 2 ;;
  esac
done
