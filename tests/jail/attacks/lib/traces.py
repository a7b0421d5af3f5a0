# SPDX-License-Identifier: Apache-2.0
"""What a job may have left behind on the host. Everything is compared with how it was before the first attack."""

import glob
import os
import pathlib

from ejtest import processes
from ejtest.harness import Failure, wait_until

from ground import SLOTS, descriptors_of, mounts_of

PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/", "/var/lib", "/root")
NAMES = {"zipslip", "evil", "x", "rendezvous", "left-by-a-job", "h0", "map", "abs", "poison", "attack", ".w", "core", "make_ran"}
OBJECTS = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg", "/proc/keys")
OBJECT_MARKS = ("%d " % 0x414A, "attack")
SETTLED = 3.0  # seconds: boxes go a moment after the report


def strange_files():
    found = set()
    for place in PLACES:
        try:
            found.update(os.path.join(place, name) for name in os.listdir(place) if name in NAMES or name.startswith("attack-"))
        except OSError:
            pass
    return found


def strange_objects():
    found = []
    for path in OBJECTS:
        try:
            lines = pathlib.Path(path).read_text().splitlines()
        except OSError:
            continue
        found += [line for line in lines if any(mark in line for mark in OBJECT_MARKS)]
    return found


def processes_marked(mark):
    wanted = ("ATTACK_MARK=" + mark).encode()
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if wanted in pathlib.Path("/proc/%s/environ" % name).read_bytes():
                    found.append(int(name))
            except OSError:
                pass
    return found


class Traces:
    def __init__(self, ground):
        self.ground = ground
        self.files = strange_files()
        self.objects = strange_objects()
        self.server = ground.server.pid
        self.jail = ground.jail_pid()
        wait_until(lambda: len(self._parked()) == 2 * (SLOTS - 1), "a jail to be parked in each slot but the keeper's", 10)
        self.before = self._count()
        self.resident = {pid: processes.resident_kib(pid) for pid in (self.server, self.jail)}

    def groups(self):
        patterns = ("/sys/fs/cgroup/*%s*", "/sys/fs/cgroup/*/*%s*", "/sys/fs/cgroup/*/*/*%s*")
        return sorted({path for pattern in patterns for path in glob.glob(pattern % self.ground.site.queue_id)})

    def _in_groups(self):
        members = set()
        for group in self.groups():
            for path in glob.glob(group + "/**/cgroup.procs", recursive=True):
                try:
                    members.update(pathlib.Path(path).read_text().split())
                except OSError:
                    pass
        return members

    def _parked(self):
        return {member for pid, _ in self.ground.server.helpers() for member in processes.parked_jail(pid)}

    def _count(self):
        """Jails that are parked come and go; each has two processes."""
        parked = self._parked()
        return {
            "processes": {pid for pid, _ in self.ground.server.helpers()} - parked,
            "processes in control groups": self._in_groups() - {str(pid) for pid in parked},
            "processes of parked jails": len(parked),
            "control groups": set(self.groups()),
            "mounts": mounts_of(self.jail),
            "descriptors of the jail": descriptors_of(self.jail),
            "descriptors of the server": descriptors_of(self.server),
        }

    def _surplus(self):
        """[what there is more of than before]; a box that is kept ready is one mount and one descriptor."""
        found = []
        now = self._count()
        for what, was in self.before.items():
            if isinstance(was, set):
                if now[what] - was:
                    found.append("%s: %s" % (what, self._named(now[what] - was)))
            elif now[what] > was + 1:
                found.append("%s: %d, were %d" % (what, now[what], was))
        return found

    @staticmethod
    def _named(members):
        return ", ".join(
            "%s (%s)" % (each, processes.command_of(int(each))) if str(each).isdigit() else str(each) for each in sorted(members, key=str)
        )

    def check_alive(self):
        if not self.ground.is_alive():
            raise Failure("the server or its jail has died")
        if (self.ground.server.pid, self.ground.jail_pid()) != (self.server, self.jail):
            raise Failure("the jail was started anew")

    def check(self, growth_mib):
        """When no attack runs: nothing may be left."""
        self.check_alive()
        try:
            wait_until(lambda: not self._surplus(), "", SETTLED)
        except Failure:
            raise Failure("left behind: " + "; ".join(self._surplus())) from None
        if not self.ground.around.is_untouched():
            raise Failure("what surrounds the jail was changed")
        files = strange_files() - self.files
        if files:
            raise Failure("left behind on the host: %s" % sorted(files))
        objects = [line for line in strange_objects() if line not in self.objects]
        if objects:
            raise Failure("left behind in the kernel: %s" % objects)
        for pid, before in self.resident.items():
            now = processes.resident_kib(pid)
            if now > before + (growth_mib << 10):
                raise Failure("process %s has grown from %d to %d KiB" % (processes.command_of(pid), before, now))
        left = wait_for_clean(self.ground.site)
        if left:
            raise Failure("left in the spool: %s" % left)


def wait_for_clean(site):
    """What stays in the spool, but for the canary, the keeper's request, and what belongs to it."""

    def left():
        return [path for path in site.leftovers() if "canary" not in path and site.kept_name not in path]

    try:
        wait_until(lambda: not left(), "", SETTLED)
    except Failure:
        return left()
    return []
