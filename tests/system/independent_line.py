# SPDX-License-Identifier: Apache-2.0
"""Who speaks for a second, and why nobody does: overlaps of agents and runs, and the causes of
holes. The second writing of these rules, for independent_sla.py."""

from dataclasses import dataclass, field

from system.spans import minus, union


@dataclass
class Boot:
    """Of an agent's router: the runs first..last, from the boot to the last sign of life."""
    first_run: int
    last_run: int
    booted: int
    alive: int
    stopped: bool = False  # it shut down in order
    reset: int = 0  # what its Start says; 2 a watchdog, 3 a panic ended the boot before
    unplaced: bool = False  # it has slots that nobody can place


@dataclass
class Agent:
    enrolled: int  # a greater number is a newer enrolment
    accepted: int
    boots: list = field(default_factory=list)
    drops: list = field(default_factory=list)  # (from, to), from its own gap records

    def boot_of(self, run):
        return next(boot for boot in self.boots
                    if boot.first_run <= run <= boot.last_run and not boot.unplaced)


def speaker(slots, at, agents):
    """Of the slots that cover this second. Of one agent's the lowest (run, sequence); the newest
    agent that was accepted by then, before any was the oldest."""
    if len(slots) == 1:
        return slots[0]
    own = {}
    for slot in slots:
        other = own.get(slot.agent)
        if not other or (slot.run, slot.sequence) < (other.run, other.sequence):
            own[slot.agent] = slot
    accepted = [number for number in own if agents[number].accepted <= at]
    if accepted:
        return own[max(accepted, key=lambda number: agents[number].enrolled)]
    return own[min(own, key=lambda number: agents[number].enrolled)]


def pieces_of(slots, agents):
    """[(from, to, slot that speaks)], sorted and disjoint."""
    edges = {slot.start for slot in slots} | {slot.end for slot in slots}
    edges = sorted(edges | {agent.accepted for agent in agents.values()})
    waiting = sorted(slots, key=lambda slot: slot.start, reverse=True)
    active, pieces = [], []
    for at, until in zip(edges, edges[1:]):
        active = [slot for slot in active if slot.end > at]
        while waiting and waiting[-1].start <= at:
            active.append(waiting.pop())
        if not active:
            continue
        slot = speaker(active, at, agents)
        if pieces and pieces[-1][2] is slot and pieces[-1][1] == at:
            pieces[-1] = (pieces[-1][0], until, slot)
        else:
            pieces.append((at, until, slot))
    return pieces


def why(before, after, hole, agents):
    """[(from, to, cause)] of a hole between two slots."""
    start, end = hole
    if before.agent != after.agent or before.agent not in agents:
        return [(start, end, "silent")]
    agent = agents[before.agent]
    if any(boot.unplaced and before.run < boot.first_run and boot.last_run < after.run
           for boot in agent.boots):
        return [(start, end, "clock")]
    last, first = agent.boot_of(before.run), agent.boot_of(after.run)
    if last is first:
        return [(start, end, "agent")]
    if last.stopped or first.reset in (2, 3):
        return [(start, end, "restart")]
    alive = min(max(last.alive, start), end)
    booted = min(max(first.booted, alive), end)
    return [(start, alive, "agent"), (alive, booted, "power"), (booted, end, "agent")]


def given(hole, gaps, cause):
    """The hole with this cause where the gaps are, otherwise silent."""
    inside = minus([hole], minus([hole], union(gaps)))
    return [(*span, cause) for span in inside] + [
        (*span, "silent") for span in minus([hole], union(gaps))]


def overridden(parts, gaps, cause):
    """The parts with another cause where the gaps are."""
    gaps, found = union(gaps), []
    for start, end, old in parts:
        rest = minus([(start, end)], gaps)
        found += [(*span, old) for span in rest]
        found += [(*span, cause) for span in minus([(start, end)], rest)]
    return found


def holes_of(case, pieces, begins, forever):
    """[(from, to, cause)] of all that no slot covers."""
    holes, at = [], begins
    for number, (start, end, slot) in enumerate(pieces):
        if at < start:
            between = number and case.agents
            holes += why(pieces[number - 1][2], slot, (at, start), case.agents) if between else (
                given((at, start), case.power_gaps, "power"))
        at = end
    holes += given((at, forever), case.power_gaps, "power")
    drops = [span for agent in case.agents.values() for span in agent.drops]
    return overridden(holes, drops, "dropped") if drops else holes


def segments_of(case, begins, forever):
    """[(from, to, slot or None, cause of the hole)] without gaps from `begins` on."""
    pieces = pieces_of(case.slots, case.agents)
    whole = [(start, end, slot, "") for start, end, slot in pieces]
    whole += [(start, end, None, cause)
              for start, end, cause in holes_of(case, pieces, begins, forever) if start < end]
    return sorted(whole, key=lambda one: one[0])
