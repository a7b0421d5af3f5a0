# SPDX-License-Identifier: Apache-2.0
"""Tests of control groups that need a machine of their own: each is a function of the machine."""

import contextlib
import fnmatch
import os
import pathlib
import statistics
import subprocess
import sys
import time

from machine import GROUPS, ORDINARY_USER, expect

MIB = 1 << 20


def groups_named(pattern, below=GROUPS):
    # Groups that go meanwhile are passed over.
    return sorted(pathlib.Path(path) for path, _, _ in os.walk(below) if fnmatch.fnmatch(path, "*/" + pattern))


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not (value := condition()):
        expect(time.monotonic() < end, "waited in vain for " + what)
        time.sleep(0.02)
    return value


def read(path):
    return pathlib.Path(path).read_text().strip()


def programs_in(group):
    found = []
    for pid in read(group / "cgroup.procs").split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.append(read("/proc/%s/comm" % pid))
    return found


@contextlib.contextmanager
def sleeping_job(machine, *options, within=None, user=None):
    """The directory of the job's group, while the job runs."""
    words = [machine.jail, "run", "--uid", "61000", *options, "--", "sleep", "1000"]
    if user is not None:
        words = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", *words]
    script = ('echo 0 >"$0/cgroup.procs" && ' if within else "") + 'exec "$@"'
    process = subprocess.Popen(["sh", "-c", script, str(within), *words], stdin=subprocess.DEVNULL)
    name = "ejforge-run-%d" % process.pid
    try:
        slot = wait_for(lambda: next(iter(groups_named(name + "/slot0")), None), "the job's group")
        wait_for(lambda: "sleep" in programs_in(slot), "the job")
        yield slot, process
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not groups_named(name), "the end of " + name)


def job_is_in_its_group(machine):
    with sleeping_job(machine, "--memory", "100M", "--processes", "7") as (slot, _):
        expect(slot.parent.parent == GROUPS, "the group is %s" % slot)
        for name, wanted in {
            "memory.max": str(100 * MIB),
            "memory.swap.max": "0",
            "memory.oom.group": "1",
            "pids.max": "8",
            "pids.current": "2",
            "cpu.weight": "100",
        }.items():
            if name == "memory.swap.max" and not (slot / name).exists():
                continue
            expect(read(slot / name) == wanted, "%s is %s" % (name, read(slot / name)))
        expect(int(read(slot.parent / "memory.max")) < machine.memory(), "all jobs together may use all memory")


def service_keeps_to_its_group(machine):
    """Processes move to a leaf, at the first start; a server that is started again finds itself there."""
    service = GROUPS / "system.slice/ejforge.service"
    service.mkdir(parents=True)
    for group in (GROUPS, service.parent):
        (group / "cgroup.subtree_control").write_text("+memory +pids +cpu")
    other = subprocess.Popen(["sh", "-c", 'echo 0 >"$0/cgroup.procs"; exec sleep 1000', str(service)])
    try:
        wait_for(lambda: str(other.pid) in read(service / "cgroup.procs").split(), "a process of the service")
        for within in (service, service / "supervisor"):
            with sleeping_job(machine, "--memory", "100M", within=within) as (slot, process):
                expect(slot.parent.parent == service, "the group is %s" % slot)
                expect(read(service / "cgroup.procs") == "", "processes are left in the service's group")
                inside = read(service / "supervisor/cgroup.procs").split()
                expect({str(process.pid), str(other.pid)} <= set(inside), "the supervisor group holds %s" % inside)
    finally:
        other.kill()
        other.wait()
    wait_for(lambda: read(service / "supervisor/cgroup.procs") == "", "an empty service")
    (service / "supervisor").rmdir()
    service.rmdir()


def service_of_a_user_is_not_roots(machine):
    """What a user may write does not limit what a broker of root's starts for that user."""
    service = GROUPS / "user.slice/compile.service"
    service.mkdir(parents=True)
    os.chown(service, ORDINARY_USER, ORDINARY_USER)
    with sleeping_job(machine, "--memory", "100M", within=service) as (slot, _):
        expect(service not in slot.parents, "the group is %s" % slot)
    wait_for(lambda: read(service / "cgroup.procs") == "", "an empty service")
    service.rmdir()


def all_jobs_together_leave_memory(machine):
    """A job that may use more than there is ends by its own groups' limit, and the kernel does not look further."""
    hog = "a = []\nwhile True: a.append(b'x' * (16 << 20))"
    done = machine.jail_run("--memory", "64G", "--time", "600", "--", "python3", "-c", hog)
    expect("memory limit exceeded" in done.stdout, done.stdout)
    log = machine.run("/bin/busybox", "dmesg").stdout
    expect("Memory cgroup out of memory" in log, "the kernel's log does not speak of it")
    expect("Out of memory: Killed" not in log, "the whole machine was out of memory")


def count_groups():
    """Those that are there, and those that are gone but kept because something is still charged to them."""
    return [int(line.split()[1]) for line in read(GROUPS / "cgroup.stat").splitlines()[:2]]


def many_jobs_leave_nothing(machine):
    before = count_groups()
    # 500 more are made before it says who the broker is.
    command = [machine.build / "bench/jail_latency", "many", machine.jail, "500"]
    bench = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        broker = "/proc/%s/fd" % bench.stdout.readline().split()[1]
        at_start = (count_groups()[0], len(os.listdir(broker)))
        bench.stdin.write("\n")
        bench.stdin.flush()
        said = bench.stdout.readline()
        at_end = (count_groups()[0], len(os.listdir(broker)))
        bench.communicate("\n", timeout=60)
    finally:
        bench.kill()
        bench.wait()
    expect(said == "done\n" and bench.returncode == 0, "%r, exit status %d" % (said, bench.returncode))
    after = count_groups()
    machine.note("groups and descriptors: %d %d after the first job, %d %d after the last" % (*at_start, *at_end))
    machine.note("groups that are gone but kept: %d before, %d after" % (before[1], after[1]))
    expect(at_end[0] <= at_start[0] + 1 and after[0] == before[0], "%d groups became %d" % (before[0], after[0]))
    expect(at_end[1] <= at_start[1] + 8, "descriptors became %d" % at_end[1])
    expect(after[1] < before[1] + 50, "%d groups are gone but kept" % after[1])


def write_to_procs_is_timed(machine):
    """What a write to cgroup.procs costs after a pause, the reason why no job is moved, and a job. Only said."""
    group = GROUPS / "trap"
    group.mkdir()
    times = []
    try:
        for number in range(20):
            time.sleep(0.1)
            target = (group, GROUPS)[number % 2]
            start = time.monotonic()
            (target / "cgroup.procs").write_text(str(os.getpid()))
            times.append(1000 * (time.monotonic() - start))
    finally:
        (GROUPS / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()
    said = "a write to cgroup.procs after 100 ms: min %.1f, median %.1f ms" % (min(times), statistics.median(times))
    machine.note(said)
    done = machine.run(machine.build / "bench/jail_latency", "latency", machine.jail, "30", "100")
    expect(done.returncode == 0, done.stdout)
    taken = {}
    for line in done.stdout.splitlines():
        name, time_us = line.rsplit(" ", 1)
        taken.setdefault(name, []).append(int(time_us) / 1000)
    for name, values in taken.items():
        machine.note("%s after 100 ms: min %.1f, median %.1f ms" % (name, min(values), statistics.median(values)))


# Name, options, source below tests/jail/attacks/inputs, program, and what must be in what is said about it.
ATTACKS = (
    ("memory of one process", ["--memory", "128M"], "D01_hog.py", "memory limit exceeded"),
    ("files in memory", ["--memory", "128M", "--box", "64M"], "D04_shmhog.py", "SAFE"),
    ("files that are more than memory", ["--memory", "64M", "--box", "4G"], "D07_fill.py", "memory limit exceeded"),
    ("a box that is full", ["--memory", "512M", "--box", "64M"], "D07_fill.py", "SAFE"),
    ("a compiler that reads without end", ["--memory", "128M"], "B13_dev_zero.c", "memory limit exceeded"),
    ("a fork bomb", ["--memory", "512M", "--processes", "30"], "C01_forkbomb.py", "SAFE fork stopped after"),
)
PRELUDE = "import os, sys, time\ndef judge(bad, what, *more): print('VULN' if bad else 'SAFE', what, flush=True)\n"


def attacks_end_at_their_limits(machine):
    """The whole catalogue, and its neighbours, need the speed of a real machine; tests/jail/attacks/run has them."""
    inputs = machine.source / "tests/jail/attacks/inputs"
    for name, options, file, wanted in ATTACKS:
        source = pathlib.Path("/tmp") / file
        text = (inputs / file).read_text().replace("@BOX_MIB@", "64")
        source.write_text(PRELUDE + text if file.endswith(".py") else text)
        program = ["python3", file] if file.endswith(".py") else ["gcc", "-c", file]
        words = [*options, "--time", "600", "--put", source, "--", *program]
        done = machine.jail_run(*words)
        expect(wanted in done.stdout and "VULN" not in done.stdout, "%s: %s" % (name, done.stdout[-500:]))
    expect(not groups_named("ejforge-run-*"), "groups are left")


def server_compiles(machine):
    """The real server, with the time that an emulated machine needs."""
    # The library of the other tests; it reads its surroundings when it is imported.
    sys.path.insert(0, str(machine.source / "tests/e2e/lib"))
    from ejtest import harness, packets
    from ejtest.languages import Language
    from ejtest.server import StartFailed
    from ejtest.site import Site

    patience = 600.0
    gcc = 'exec gcc -O2 "$1" -o "$2"\n'
    hog = "exec python3 -c 'a = []\nwhile True: a.append(bytearray(1 << 20))'\n"
    more = ("compile_real_time_limit = 600", "max_rss_size = 256M")
    languages = (Language(1, "c", gcc, ".c", more=more), Language(2, "hog", hog, ".c", more=more))
    try:
        site = Site(languages=languages, is_shared=True)
        site.start()
        expect("cgroup v2 (memory, pids, cpu)" in site.servers[0].log(), site.servers[0].log()[-500:])
        for language, wanted in ((languages[0], packets.STATUS_OK), (languages[1], packets.STATUS_COMPILE_ERROR)):
            result = site.run("int main(void) { return 0; }\n", language, timeout=patience)
            expect(result.status == wanted, "status %s: %s" % (result.status, result.log))
        expect("memory" in result.log, "the log does not speak of memory: %s" % result.log)
        ticket = site.submit("int main(void) { return 0; }\n", languages[1])
        group = wait_for(lambda: next(iter(groups_named("ejforge*/slot0")), None), "the server's group")
        wait_for(lambda: "python3" in programs_in(group), "the job")
        site.servers[0].process.kill()
        wait_for(lambda: not groups_named("ejforge*"), "the end of what a killed server leaves")
        site.start()
        result = site.wait_reply(ticket, patience)
        expect(result.status == packets.STATUS_COMPILE_ERROR, "status %s: %s" % (result.status, result.log))
    except (harness.Failure, StartFailed) as failure:
        expect(False, str(failure))
    finally:
        problem = harness.end_of_case()
    expect(problem is None, problem)


def delegated_group(user):
    """What systemd does for a unit of a user that has Delegate=yes."""
    group = GROUPS / "user.slice/delegated.scope"
    group.mkdir(parents=True)
    for parent in (GROUPS, group.parent):
        (parent / "cgroup.subtree_control").write_text("+memory +pids +cpu")
    for path in (group, *(group / name for name in ("cgroup.procs", "cgroup.subtree_control", "cgroup.threads"))):
        os.chown(path, user, user)
    return group


def make_new_again(group):
    """The next program begins in the group itself, as that of a new unit would."""
    wait_for(lambda: read(group / "supervisor/cgroup.procs") == "", "an empty group")
    (group / "supervisor").rmdir()
    (group / "cgroup.subtree_control").write_text("-memory -pids -cpu")


def user_is_in_the_delegated_group(machine):
    group = GROUPS / "user.slice/delegated.scope"
    for within in (group, group / "supervisor"):
        with sleeping_job(machine, "--memory", "100M", "--processes", "7", within=within, user=ORDINARY_USER) as (slot, _):
            expect(slot.parent.parent == group, "the group is %s" % slot)
            expect(read(slot / "memory.max") == str(100 * MIB), "memory.max is " + read(slot / "memory.max"))
            expect(read(slot / "pids.max") == "8", "pids.max is " + read(slot / "pids.max"))
    make_new_again(group)


def others_in_the_group_move_too(machine):
    """Who has the group may move whatever is in it."""
    group = GROUPS / "user.slice/delegated.scope"
    other = subprocess.Popen(["sh", "-c", 'echo 0 >"$0/cgroup.procs"; exec sleep 1000', str(group)])
    try:
        wait_for(lambda: str(other.pid) in read(group / "cgroup.procs").split(), "a process of root's")
        with sleeping_job(machine, within=group, user=ORDINARY_USER) as (slot, _):
            expect(slot.parent.parent == group, "the group is %s" % slot)
            expect(str(other.pid) in read(group / "supervisor/cgroup.procs").split(), "it was not moved")
    finally:
        other.kill()
        other.wait()
    make_new_again(group)


def undelegated_user_is_told_what_to_do(machine):
    said = machine.jail_run("--", "true", user=ORDINARY_USER).stdout
    expect("systemd-run --user --scope -p Delegate=yes" in said, said[-1500:])


def root_is_an_initramfs(machine):
    kinds = [line.split()[-3:] for line in read("/proc/self/mountinfo").splitlines() if line.split()[4] == "/"]
    expect(any("rootfs" in line for line in kinds), "the root is %s" % kinds)
    done = machine.jail_run("--", "sh", "-c", "ls /; ls /host /layer /modules 2>/dev/null | wc -l; ls -d /root")
    expect("\n0\n" in done.stdout and "init\n" not in done.stdout, done.stdout)


def v1_groups_are_used(machine):
    with sleeping_job(machine, "--memory", "100M", "--processes", "7") as (slot, process):
        found = groups_named("ejforge-run-%d/slot0" % process.pid)
        places = {str(path.relative_to(GROUPS)).split("/")[0] for path in found}
        expect(places == {"memory", "pids", "cpu,cpuacct"}, "groups are in %s" % places)
        for path in found:
            expect(len(read(path / "cgroup.procs").split()) >= 3, "zygote, init and program are not in %s" % path)
        memory = GROUPS / "memory" / slot.relative_to(GROUPS / slot.relative_to(GROUPS).parts[0])
        limit = int(read(memory / "memory.limit_in_bytes"))
        expect(100 * MIB <= limit < 101 * MIB, "the limit is %d" % limit)


def no_groups_are_said_to_be_missing(machine):
    said = machine.jail_run("--", "true").stdout
    expect("mount -t cgroup2" in said, said[-1500:])
