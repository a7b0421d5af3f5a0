#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the jail tests as the caller; when that is root, also as an ordinary user.
# usage: run.sh JAIL_TEST EJ_JAIL
set -eu
test_program=$1
broker=$2

if [ "$(id -u)" != 0 ]; then
  EJ_JAIL=$broker exec "$test_program"
fi
EJ_JAIL=$broker "$test_program"

# Copies, because the build directory and TMPDIR may lie where an ordinary user cannot go.
copy=$(mktemp -d -p /tmp)
trap 'rm -rf "$copy"' EXIT
cp "$test_program" "$copy/jail_test"
cp "$broker" "$copy/ej-jail"
mkdir "$copy/tmp"
chmod 755 "$copy" "$copy/jail_test" "$copy/ej-jail"
chmod 1777 "$copy/tmp"
cd /
TMPDIR=$copy/tmp EJ_JAIL=$copy/ej-jail setpriv --reuid 61999 --regid 61999 --clear-groups \
  "$copy/jail_test" --gtest_filter='-RootOnly*'
