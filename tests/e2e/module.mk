# SPDX-License-Identifier: Apache-2.0
# The end-to-end tests: tests/e2e/run runs every program tests/e2e/cases/NAME/test against the programs that were built.
EXTRA_DIST += \
  tests/e2e/configure \
  tests/e2e/run \
  tests/e2e/lib/ejtest/__init__.py \
  tests/e2e/lib/ejtest/configurator.py \
  tests/e2e/lib/ejtest/consumer.py \
  tests/e2e/lib/ejtest/faults.py \
  tests/e2e/lib/ejtest/footprint.py \
  tests/e2e/lib/ejtest/harness.py \
  tests/e2e/lib/ejtest/heartbeats.py \
  tests/e2e/lib/ejtest/inotify.py \
  tests/e2e/lib/ejtest/languages.py \
  tests/e2e/lib/ejtest/listener.py \
  tests/e2e/lib/ejtest/packets.py \
  tests/e2e/lib/ejtest/processes.py \
  tests/e2e/lib/ejtest/recording.py \
  tests/e2e/lib/ejtest/results.py \
  tests/e2e/lib/ejtest/server.py \
  tests/e2e/lib/ejtest/shim.c \
  tests/e2e/lib/ejtest/site.py \
  tests/e2e/lib/ejtest/superserver.py \
  tests/e2e/lib/ejtest/terminal.py \
  tests/e2e/cases \
  tests/data/cases \
  tests/data/fixtures
