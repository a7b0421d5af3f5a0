# SPDX-License-Identifier: Apache-2.0
"""Each wall of the jail is left out once: then the attack that it stops must get through, or the attack proves
nothing."""

import functools
import itertools
import json
import os
import re
import signal

from ejtest.harness import Failure, build_dir

from battle import attack_on, attack_once
from catalogue import HERE, all_attacks
from ground import TIGHT, Ground
from traces import processes_marked

TRIES = 4
PATIENCE = 10.0  # a server that gets what no server should get may well wait for ever
PROGRAM = "tests/jail/ej-jail-with-gaps"


def all_gaps():
    return json.loads((HERE / "gaps.json").read_text())


def is_for(gap, is_root):
    return not (gap.get("root") and not is_root) and not (gap.get("user") and is_root)


def check_shipped():
    """What is installed has no gaps and cannot be told to have any."""
    for name, wanted in (("ej-jail", False), (PROGRAM, True)):
        if (b".gaps" in (build_dir() / name).read_bytes()) != wanted:
            raise Failure("%s %s" % (name, "has no gaps" if wanted else "asks for gaps"))


def _end_leftovers(mark):
    """An attack that got through may have left something; it was ours."""
    for pid in processes_marked(mark):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


_numbers = itertools.count(1)


def try_gap(gap, surroundings, uid):
    """None when the attack got through; else what it met with. Some have a race to win."""
    for _ in range(TRIES):
        problem = _try_once(gap, surroundings, uid)
        if problem is None:
            break
    return problem


def _try_once(gap, surroundings, uid):
    attack = {each.id: each for each in all_attacks()}[gap["attack"]]
    if attack.missing():
        return "missing: %s" % ", ".join(attack.missing())
    mark = "gap-%d-" % next(_numbers)
    ground = Ground(surroundings, uid, TIGHT, removed=gap["gap"], has_keeper=False)
    try:
        problem = attack_on(ground, attack, mark, functools.partial(attack_once, patience=PATIENCE))[0]
    finally:
        _end_leftovers(mark)
        surroundings.services.reached = 0
        ground.site.close()
    if problem is None:
        return "the attack is stopped all the same"
    return None if re.search(gap["shows"], problem) else "no %r in: %s" % (gap["shows"], problem[:600])
