# SPDX-License-Identifier: Apache-2.0
"""Attacks on one ground: two at a time, and after each pair a look at what is left."""

import itertools
import statistics
import threading
import time

from ejtest import packets
from ejtest.harness import Failure, is_nightly

from catalogue import fill_in
from traces import Traces, processes_marked
from verdicts import Unforeseen, check_answer, short

PATIENCE = 120.0
TRIES = 5  # of what a loaded machine may spoil: times
# How much longer a neighbour may take: within twice its time, but where no control group gives it its share of the
# processor, and the machine does other things at the same time.
MOST_RATIO = 2.0
MOST_RATIO_WITHOUT_SHARES = 2.0 if is_nightly() else 3.0
OVERTIME = 1.0  # seconds by which a limit of time may be late
# What a neighbour does meanwhile: some processes, some files, some work.
NEIGHBOUR = """int main(void) { return 0; }
#define A(n) int f##n(int x) { int s = 0; for (int i = 0; i < x; ++i) s += s * i ^ x; return s; }
#define B(n) A(n##0) A(n##1) A(n##2) A(n##3) A(n##4) A(n##5) A(n##6) A(n##7) A(n##8) A(n##9)
B(1) B(2)
"""


def attack_once(ground, attack, mark, flag="", patience=PATIENCE):
    """Raises Failure with what is wrong; gives the seconds that it took."""
    command = fill_in(attack.command.replace("$FLAG", flag), ground.values)
    start = time.monotonic()
    ticket = ground.submit(attack.file, attack.source(ground.values), command, attack.seconds, mark)
    result = ground.site.wait_reply(ticket, patience)
    seconds = time.monotonic() - start
    alive = processes_marked(mark)
    if alive:
        raise Failure("processes are alive after the verdict: %s" % alive)
    check_answer(ground, attack, result)
    return seconds


def attack_again(ground, attack, mark, flag):
    """Once more when it did no harm, but ended in a way that nobody foresaw."""
    try:
        return attack_once(ground, attack, mark, flag)
    except Unforeseen:
        return attack_once(ground, attack, mark, flag)


def attack_on(ground, attack, mark, attack_with=attack_once):
    """(problem or None, seconds)"""
    seconds = 0.0
    for flag in attack.flags or ("",):
        try:
            seconds = attack_with(ground, attack, mark, flag)
        except (Failure, UnicodeDecodeError) as failure:
            return ("%s %s" % (flag, failure)).strip(), 0.0
    return None, seconds


class Battle:
    """`say(name, problem or None)` is called for each attack."""

    def __init__(self, ground, growth_mib, say):
        self.ground = ground
        self.growth_mib = growth_mib
        self.say = say
        self._marks = itertools.count(1)
        has_shares = ", cpu)" in ground.site.servers[0].log()
        self.most_ratio = MOST_RATIO if has_shares else MOST_RATIO_WITHOUT_SHARES
        self._alone = []  # seconds that the neighbour took without company
        self._warm_up()
        self.traces = Traces(ground)

    def _warm_up(self):
        """Each slot has its processes, and boxes are there to be taken again."""
        tickets = [self._submit_neighbour() for _ in range(2)]
        for ticket in tickets:
            result = self.ground.site.wait_reply(ticket, PATIENCE)
            if result.status != packets.STATUS_OK:
                raise Failure("a harmless program does not compile: " + short(result.log))
        time.sleep(0.2)

    def _submit_neighbour(self):
        return self.ground.submit("n.c", NEIGHBOUR.encode(), "gcc -O2 $f -o $o", mark="neighbour")

    def prove_compiler(self, attack):
        """The same command with a harmless source succeeds: what fails later is the attack."""
        source, command = attack.harmless()
        name = "Harmless.java" if attack.file.endswith(".java") else "harmless" + attack.file[attack.file.rindex(".") :]
        command = fill_in(command, self.ground.values)
        result = self.ground.site.wait_reply(self.ground.submit(name, source, command), PATIENCE)
        if result.status != packets.STATUS_OK:
            raise Failure("%s: a harmless source does not compile: %s" % (attack.id, short(result.log)))

    # --- one attack

    def _attack(self, attack):
        return attack_on(self.ground, attack, "%s-%d-" % (attack.id, next(self._marks)), attack_again)

    def _in_time(self, attack, seconds):
        return attack.seconds == 0 or "TL" not in attack.expect or seconds <= attack.seconds + OVERTIME

    # --- pairs

    def fight_pair(self, one, other):
        """`other` may be None."""
        outcomes = {}

        def run(side, attack):
            outcomes[side] = self._attack(attack)

        sides = [(side, attack) for side, attack in enumerate((one, other)) if attack is not None]
        threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in sides]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = self._what_is_left()
        for side, attack in sides:
            problem, seconds = outcomes[side]
            if problem is None and left is None and not self._in_time(attack, seconds):
                problem = self._time_again(attack)
            if side == 0 or attack is not one:
                if attack is one is other:
                    problem = problem or outcomes[1][0]
                self.say(attack, problem or left, seconds)

    def _what_is_left(self):
        try:
            self.traces.check(self.growth_mib)
        except Failure as failure:
            return str(failure)
        return None

    def _time_again(self, attack):
        """The machine may have been busy with something else."""
        for _ in range(TRIES - 1):
            problem, seconds = self._attack(attack)
            if problem is not None or self._in_time(attack, seconds):
                return problem
        return "the limit of %d s was enforced after %.1f s" % (attack.seconds, seconds)

    # --- bombs

    def _time_neighbour(self):
        start = time.monotonic()
        result = self.ground.site.wait_reply(self._submit_neighbour(), PATIENCE)
        if result.status != packets.STATUS_OK:
            raise Failure("the neighbour's compilation failed: " + short(result.log))
        return time.monotonic() - start

    def fight_bomb(self, bomb):
        """The neighbour goes on compiling; what counts is how much longer that takes."""
        problem = ratio = None
        start = time.monotonic()
        for _ in range(TRIES):
            try:
                problem, ratio = self._bomb_once(bomb)
            except Failure as failure:
                problem, ratio = str(failure), 0.0
            if problem is not None or ratio <= self.most_ratio:
                break
            problem = "a neighbour took %.1f times as long" % ratio
        self.say(bomb, problem or self._what_is_left(), time.monotonic() - start, ratio)

    def _bomb_once(self, bomb):
        alone = [*self._alone[-1:], *(self._time_neighbour() for _ in range(1 if self._alone else 2))]
        outcome = []
        thread = threading.Thread(target=lambda: outcome.append(self._attack(bomb)), daemon=True)
        thread.start()
        beside = []
        try:
            while thread.is_alive() or not beside:
                begun_beside_it = thread.is_alive()
                seconds = self._time_neighbour()
                if begun_beside_it:
                    beside.append(seconds)
                elif not beside:
                    break
        finally:
            thread.join()
        self._alone = [self._time_neighbour() for _ in range(2)]
        alone += self._alone
        # Who is starved is so all the time; who shares a busy machine is lucky now and then.
        ratio = sorted(beside)[len(beside) // 4] / statistics.median(alone) if beside else 0.0
        problem, seconds = outcome[0]
        if problem is None and ratio <= self.most_ratio and not self._in_time(bomb, seconds):
            problem = self._time_again(bomb)
        return problem, ratio
