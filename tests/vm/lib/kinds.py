# SPDX-License-Identifier: Apache-2.0
"""The kinds of machines, by their control groups, and what is tested on each."""

import os
import subprocess

import checks
from machine import GROUPS, ORDINARY_USER

# What depends on control groups; all else is the same on each kind of machine.
SOME = "*AnyJail.*Memory*:*AnyJail.*CpuTime*:*AnyJail.*ForkBomb*:*AnyJail.*Number*:*AnyJail.*Outlive*:*AnyJail.Leaves*"
SOME += ":*AnyJail.Survives*:*AnyJail.*Parallel*:Walls.Features*:Walls.ControlGroups*"

# Not in here: 1000 jobs are counted by a check of this directory, and Hostile needs the /etc that tests/jail/run.sh makes,
# and nothing of control groups.
LEFT_OUT = "*ManyJobs*:Hostile*"


def mount(*words):
    subprocess.run(["/bin/busybox", "mount", *map(str, words)], check=True)


def mount_v2(directory=GROUPS):
    # As systemd mounts it.
    mount("-t", "cgroup2", "-o", "nsdelegate", "cgroup2", directory)


def mount_v1():
    mount("-t", "tmpfs", "-o", "mode=0755", "cgroup", GROUPS)
    for controllers in ("memory", "pids", "cpu,cpuacct"):
        (GROUPS / controllers).mkdir()
        mount("-t", "cgroup", "-o", controllers, "cgroup", GROUPS / controllers)


def v2(machine):
    """Everything, as root at the top of the hierarchy."""
    mount_v2()
    machine.test(checks.job_is_in_its_group)
    machine.test(checks.service_keeps_to_its_group)
    machine.test(checks.service_of_a_user_is_not_roots)
    machine.test(checks.all_jobs_together_leave_memory)
    machine.test(checks.write_to_procs_is_timed)
    machine.test(checks.many_jobs_leave_nothing)
    machine.test(checks.attacks_end_at_their_limits)
    machine.test(checks.server_compiles)
    machine.google_test("jail_test", "-" + LEFT_OUT)
    if machine.is_quick:
        machine.lines_of("attacks", machine.source / "tests/jail/attacks/run", "--user", "root", "--part", "attacks")
        cases = [word for case in ("ordinary", "limits", "kill") for word in ("--only", case)]
        machine.lines_of("e2e", machine.source / "tests/e2e/run", "-j", "1", *cases)


def v2_user(machine):
    """An ordinary user, with and without a group that was delegated to it."""
    mount_v2()
    machine.test(checks.undelegated_user_is_told_what_to_do)
    group = checks.delegated_group(ORDINARY_USER)
    machine.test(checks.others_in_the_group_move_too)
    machine.test(checks.user_is_in_the_delegated_group)
    machine.google_test("jail_test", "-RootOnly*:*AnyBox*:*Compile*:" + LEFT_OUT, within=group, user=ORDINARY_USER)


def v2_initramfs(machine):
    """The root is the initramfs, to which pivot_root cannot be applied."""
    mount_v2()
    machine.test(checks.root_is_an_initramfs)
    machine.google_test("jail_test", "Walls.*:Visible.*:RootOnly*")


def v1(machine):
    mount_v1()
    machine.test(checks.v1_groups_are_used)
    machine.google_test("jail_test", SOME)


def hybrid(machine):
    mount_v1()
    os.mkdir(GROUPS / "unified")
    mount_v2(GROUPS / "unified")
    machine.test(checks.v1_groups_are_used)
    machine.google_test("jail_test", SOME)


def none(machine):
    machine.test(checks.no_groups_are_said_to_be_missing)
    machine.google_test("jail_test", SOME)


KINDS = {each.__name__: each for each in (v2, v2_user, v2_initramfs, v1, hybrid, none)}
