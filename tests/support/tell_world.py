# SPDX-License-Identifier: Apache-2.0
"""A world (support/worlds.py) entered into a real server: links, contracts and decisions by the
command line, what the agents witnessed by their own protocol, in order or in any disorder."""

import hashlib
import random
import time

from support import records
from support.enter import DOCUMENT, term_words, wait_in_ledger
from support.reporter import Reporter, packed
from support.server import last_number
from support.site import text_of
from support.worlds import ZONES, hours_text, slot_length
from system.independent_sla import FOREVER

FRAMES_A_SESSION = 20
PAUSE_S = 0.2  # between sessions: the ledger reads in several batches


def enter_links(server, world):
    """Each case's link has the number that the case says."""
    for case in world.cases:
        link = server.add_link(desa=case.desa, provider=case.provider,
                               zone=ZONES[world.zone_offset_s])
        assert link == case.link
        for contract in case.contracts:
            end = ["--to", text_of(contract.end)] if contract.end != FOREVER else []
            terms = contract.terms
            server.add_contract(
                link, text_of(contract.start), f"{terms.target_ppm / 10000:g}", terms.fee,
                terms.formula, [*term_words(terms), *end, "--set", f"rounding={terms.rounding}",
                                "--set", f"service-hours={hours_text(terms.hours)}"])


def known(item, world):
    """Whether there is such a link, such a provider."""
    names = {"link": {str(case.link) for case in world.cases},
             "provider": {case.provider for case in world.cases}}
    return item.value in names.get(item.scope, {item.value})


def enter_exclusions(server, world):
    for item in world.exclusions:
        if not known(item, world):
            continue
        second = ["--second", "Pejabat Dua", "--document", DOCUMENT] if item.confirmed else []
        out = server.pantau("exclusion", "add", f"--{item.scope}", item.value, "--reason",
                            item.reason, "--from", text_of(item.start), "--to",
                            text_of(item.end), "--by", "Pejabat Satu", "--note", "uji", *second)
        if item.revoked:
            server.pantau("exclusion", "revoke", last_number(out))


def boot_at(agent, second):
    """The boot in which the router was then."""
    return max((boot for boot in agent.boots if not boot.unplaced and boot.booted <= second),
               key=lambda boot: boot.booted)


class Told:
    """One agent's records: {run: [record]}, numbered from 1 in each run; and what a second device
    with the same identity said under the numbers of some of them."""

    def __init__(self, number, agent, slots):
        self.number, self.factory = number, records.SlotFactory()
        self.runs, self.others = {}, []
        for boot in agent.boots:
            self.tell_boot(agent, boot, slots)

    def nonce(self, run):
        return self.number * 65537 + run

    def tell_boot(self, agent, boot, slots):
        name = hashlib.md5(f"{self.number} {boot.first_run}".encode()).digest()
        if boot.unplaced:
            self.runs[boot.first_run] = [
                records.start(name, 0, self.nonce(boot.first_run)),
                self.factory.record(name, 60000000, 60, 6, 6, 0)]
            return
        ended = boot.booted
        for run in range(boot.first_run, boot.last_run + 1):
            own = sorted((slot for slot in slots if slot.run == run), key=lambda one: one.start)
            began = own[0].start if own and run > boot.first_run else ended
            told = self.runs[run] = [
                records.start(name, (began - boot.booted) * 1000000, self.nonce(run),
                              reset=boot.reset)]
            if run == boot.first_run:
                told.append(records.anchor(name, 0, boot.booted * 1000000))
            for slot in own:
                self.tell_slots(told, name, boot, slot)
                ended = slot.end
        self.tell_end(told, name, boot, ended)
        self.tell_drops(told, name, agent, boot)

    def tell_slots(self, told, name, boot, slot):
        length = slot_length(slot)
        for start in range(slot.start, slot.end, length):
            at = (start - boot.booted) * 1000000
            told.append(self.factory.record(name, at, length, slot.due, slot.made, slot.lost,
                                            slot.cause))
            if slot.disputed:
                self.others.append((slot.run, len(told), self.factory.record(
                    name, at, length, slot.due, slot.made, slot.made, "cpe")))

    def tell_end(self, told, name, boot, ended):
        if boot.alive > ended:
            told.append(records.anchor(name, (boot.alive - boot.booted) * 1000000,
                                       boot.alive * 1000000))
        if boot.stopped:
            told.append(records.stop(name, (max(boot.alive, ended) - boot.booted) * 1000000))

    def tell_drops(self, told, name, agent, boot):
        """Gap records of this boot; each covers its own number alone."""
        for begin, end in agent.drops:
            if boot is not boot_at(agent, begin):
                continue
            place = len(told) - boot.stopped
            told.insert(place, records.dropped(
                name, place + 1, (begin - boot.booted) * 1000000, (end - boot.booted) * 1000000))

    def count(self):
        return sum(len(told) for told in self.runs.values()) + len(self.others)

    def frames(self):
        for run, told in self.runs.items():
            for part in packed(list(enumerate(told, 1))):
                yield run, part

    def held(self):
        return [(run, self.nonce(run), 1, len(told)) for run, told in self.runs.items()]


def deliver(server, issued, told, seed):
    """In order, or (odd seeds) shuffled, half of it twice, over several sessions. What the second
    device said comes last: a session knows only one."""
    frames = list(told.frames())
    if seed % 2:
        draw = random.Random(seed)
        frames = [(run, draw.sample(part, len(part))) for run, part in frames]
        frames += draw.sample(frames, len(frames) // 2)
        draw.shuffle(frames)
    frames += [(run, [(sequence, record)]) for run, sequence, record in told.others]
    for begin in range(0, len(frames), FRAMES_A_SESSION):
        with Reporter(server, issued) as reporter:
            reporter.hello(*told.held())
            for run, part in frames[begin:begin + FRAMES_A_SESSION]:
                reporter.report(run, part)
            assert reporter.rest() == {}
        time.sleep(PAUSE_S)


def tell(server, world):
    """All of it, until the ledger has it."""
    enter_links(server, world)
    enter_exclusions(server, world)
    for case in world.cases:
        for number, agent in sorted(case.agents.items()):
            issued = server.issue(case.link, f"agent-{case.link}-{number}",
                                  text_of(agent.accepted))
            told = Told(issued.agent, agent,
                        [slot for slot in case.slots if slot.agent == number])
            deliver(server, issued, told, world.seed)
            wait_in_ledger(server, issued.agent, told.count())
