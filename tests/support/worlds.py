# SPDX-License-Identifier: Apache-2.0
"""Months of a desa that never were, from a seed: links, providers, changes of contract, service
hours, agents that are replaced, power cuts, restarts, gap records, disputes, decisions of every
scope. Each world is one thing for three: the second count (cases), the real code (as JSON) and a
real server (support/tell_world.py)."""

import random
from dataclasses import asdict, dataclass, field

from system.independent_line import Agent, Boot
from system.independent_sla import (Case, Contract, Exclusion, FOREVER, Slot, Terms, month_of,
                                    reaches)

DESA, KECAMATAN, KABUPATEN = "64.08.05.2001", "64.08.05", "64.08"
CAUSES = ("local", "cpe", "access", "provider", "upstream")
FORMULAS = ("prorata", "prorata-sla", "excess", "shortfall", "bands")
HOLES_S = (1, 2, 3, 60, 119, 120, 121, 299, 300, 301, 900, 7200, 90000)
DAY = 86400
ZONES = {25200: "WIB", 28800: "WITA", 32400: "WIT"}
HOURS = ((), (), (), ((0, 6, 28800, 57600),), ((0, 4, 25200, 61200), (5, 5, 28800, 43200)),
         ((0, 6, 79200, 108000),), ((4, 1, 0, 86400),), ((6, 6, 36000, 36060),),
         ((0, 6, 0, 43200), (2, 2, 39600, 50400)))


@dataclass
class World:
    seed: int
    period: str
    zone_offset_s: int
    as_of: int
    cases: list = field(default_factory=list)  # one a link
    exclusions: list = field(default_factory=list)

    def month(self):
        return month_of(self)


def draw_terms(draw):
    formula = draw.choice(FORMULAS)
    bands = [(draw.choice((1000000, 999000, 990000, 950000)), draw.choice((5, 10, 20, 50, 100)))
             for _ in range(draw.randrange(1, 4))]
    return Terms(
        target_ppm=draw.choice((900000, 950000, 990000, 995000, 999000, 1000000)),
        fee=draw.choice((3, 987654, 1200000, 45000000, draw.randrange(1, 5000000))),
        formula=formula, bands=tuple(bands) if formula == "bands" else (),
        loss_threshold_pct=draw.choice((0, 20, 30, 50, 50, 75, 99)),
        window_s=draw.choice((1, 60, 61, 300, 300, 301, 900)),
        bridge_s=draw.choice((0, 1, 120, 120, 300)), notice_s=draw.choice((0, 3600, 86400)),
        uncharged=draw.choice(((), ("local",), ("local",), ("local", "cpe"))),
        power=draw.choice(("unknown", "exclude")),
        rounding=draw.choice(("down", "down", "nearest", "up")), hours=draw.choice(HOURS))


def draw_contracts(draw, begin, end):
    """Up to four in the month, with gaps or without; the last one open or ended."""
    edges = sorted(draw.randrange(begin + 1, end) for _ in range(draw.choice((0, 0, 1, 1, 2, 3))))
    at, found = begin - draw.choice((0, 9000, 400 * DAY)), []
    for edge in (*edges, draw.choice((FOREVER, FOREVER, end - 7777, end + DAY))):
        if at < edge:
            found.append(Contract(at, edge, draw_terms(draw)))
        at = edge + draw.choice((0, 0, 1, 5000))
    return found


class Witness:
    """One agent of one link: writes rows of equal slots as time goes on."""

    def __init__(self, draw, number, enrolled, accepted, at):
        self.draw, self.number, self.at = draw, number, at
        self.agent = Agent(enrolled, accepted, [Boot(1, 1, at - 1000, at)])
        self.slots, self.sequence = [], 10

    def boot(self):
        return next(boot for boot in reversed(self.agent.boots) if not boot.unplaced)

    def write(self, count, length, made, lost, cause="", disputed=False):
        end = self.at + count * length
        self.slots.append(Slot(self.at, end, length // 10, made, lost, cause, disputed,
                               self.number, self.boot().last_run, self.sequence))
        self.sequence += count
        self.at = self.boot().alive = end

    def next_boot(self, booted, stopped, reset=0):
        last = self.boot()
        last.stopped = stopped
        run = max(boot.last_run for boot in self.agent.boots) + 1
        if self.draw.random() < 0.05:  # a boot in between that never learned the time
            self.agent.boots.append(Boot(run, run, 0, 0, unplaced=True))
            run += 1
        self.agent.boots.append(Boot(run, run, booted, booted, reset=reset))
        self.sequence = 10

    def hole(self):
        length = self.draw.choice(HOLES_S)
        kind = self.draw.random()
        if kind < 0.35:  # the power went, sometimes after the last slot; or it was a reset
            self.boot().alive = min(self.at + self.draw.choice((0, 0, 5, 61)), self.at + length)
            self.next_boot(self.at + length - self.draw.choice((0, 0, 7, 45)) % length, False,
                           self.draw.choice((0, 0, 0, 1, 2, 3)))
        elif kind < 0.5:
            self.next_boot(self.at + length, True, self.draw.choice((0, 0, 1, 2)))
        elif kind < 0.55:
            self.agent.drops.append((self.at + length // 3, self.at + length))
        elif kind < 0.65:  # the agent alone: a new run of the same boot
            self.boot().last_run += 1
            self.sequence = 10
        self.at += length

    def episode(self):
        draw = self.draw
        length = draw.choice((60, 60, 60, 60, 10, 1, 37))
        made, count = max(1, length // 10), draw.choice((1, 2, 4, 5, 6, 9, 30, 300, 1500))
        kind = draw.random()
        if kind < 0.45:
            self.write(count, length, made, 0)
        elif kind < 0.72:
            self.write(count if count < 300 else 40, length, made, draw.randrange(made + 1),
                       draw.choice(CAUSES))
        elif kind < 0.77:
            self.write(count if count < 300 else 3, length, draw.randrange(made // 2 + 1), 0)
        elif kind < 0.79:
            self.write(min(count, 6), length, made, 0, disputed=True)
        else:
            self.hole()

    def speak(self, until):
        self.write(1, 60, 6, 0)  # every class of target answers once, so that it is believed
        while self.at < until:
            self.episode()
        while self.agent.boots[-1].unplaced or not any(
                slot.run >= self.agent.boots[-1].first_run for slot in self.slots):
            self.write(1, 60, 6, 0)
        return self


def draw_witnesses(draw, begin, end, told):
    """One agent, or several of which each newer one takes over from the one before."""
    if draw.random() < 0.04:
        return []  # never heard of
    count = draw.choice((1, 1, 1, 2, 2, 3))
    starts = sorted(draw.randrange(begin - 20000, end - 3 * DAY) for _ in range(count))
    found = []
    for number, start in enumerate(starts, 1):
        accepted = start + (0 if told else draw.choice((0, 0, 0, 1800, DAY)))
        until = starts[number] + draw.choice((0, 600, 2 * DAY)) if number < count else (
            end + draw.choice((-5 * DAY, 4000, 4000)))
        found.append(Witness(draw, number, number, accepted, start).speak(until))
    return found


def draw_exclusions(draw, world, links, told):
    """Maintenance counts from when it was entered, by the server's clock: it cannot be told."""
    begin, end = world.month()
    reasons = ("force-majeure", "power", "customer") + (() if told else ("maintenance",))
    for _ in range(draw.choice((0, 0, 1, 2, 4, 6))):
        scope, value = draw.choice((
            ("link", str(draw.randrange(1, links + 1))), ("link", "77"), ("desa", DESA),
            ("kecamatan", KECAMATAN), ("kecamatan", "64.08.06"), ("kabupaten", KABUPATEN),
            ("provider", draw.choice(("Telkom", "Starlink", "Icon+")))))
        start = draw.randrange(begin - 5000, end)
        yield Exclusion(
            draw.choice(reasons), start,
            start + draw.choice((60, 4000, 100000, 3000000)),
            start - draw.choice((-3000, 3000, 86400, 200000)), draw.random() < 0.1,
            draw.random() < 0.5, scope, value)


def draw_period(draw, told):
    """Every month of nine years, so every length, with the Februaries of leap years."""
    year, month = draw.randrange(2024, 2026 if told else 2033), draw.randrange(1, 13)
    if draw.random() < 0.1:
        year, month = draw.choice(((2024, 2), (2025, 2), *(() if told else ((2028, 2), (2032, 2)))))
    return f"{year}-{month:02d}"


def world_of(seed, told=False):
    """`told`: to a real server, so it lies in the past, and no more than eight days are measured,
    each agent from the moment on from which it is bound."""
    draw = random.Random(seed)
    world = World(seed, draw_period(draw, told), draw.choice(tuple(ZONES)), FOREVER)
    begin, end = world.month()
    if draw.random() < 0.2:
        world.as_of = draw.randrange(begin + DAY, end)
    links = draw.choice((1, 1, 1, 2, 2, 3))
    world.exclusions = list(draw_exclusions(draw, world, links, told))
    for link in range(1, links + 1):
        witnesses = draw_witnesses(draw, begin, begin + 8 * DAY if told else end, told)
        world.cases.append(Case(
            world.period, world.zone_offset_s, draw_contracts(draw, begin, end),
            [slot for one in witnesses for slot in one.slots], world.exclusions,
            as_of=world.as_of, agents={one.number: one.agent for one in witnesses},
            desa=DESA, provider=draw.choice(("Telkom", "Starlink")), link=link))
    return world


# ---- as JSON

def hours_text(hours):
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    def clock(second):
        second = second - DAY if second > DAY else second
        return f"{second // 3600:02d}:{second // 60 % 60:02d}"
    return ",".join(f"{days[first]}-{days[last]}@{clock(begin)}-{clock(end)}"
                    for first, last, begin, end in hours) or "always"


def terms_json(terms):
    return {**asdict(terms), "uncharged": list(terms.uncharged), "hours": None,
            "service": hours_text(terms.hours),
            "bands": [{"below_ppm": below, "pct": pay} for below, pay in terms.bands]}


def contract_json(contract):
    open_end = {"to": contract.end} if contract.end != FOREVER else {}
    return {"from": contract.start, **open_end, **terms_json(contract.terms)}


def slot_length(slot):
    """Rows are of equal slots; how long those are follows from the rounds that were due."""
    return {6: 60, 3: 37, 1: 10, 0: 1}[slot.due]


def row_json(slot):
    length = slot_length(slot)
    return [slot.start, length, (slot.end - slot.start) // length, slot.due, slot.made, slot.lost,
            slot.cause, slot.disputed, slot.agent, slot.run, slot.sequence]


def exclusion_json(item):
    return {"reason": item.reason, "from": item.start, "to": item.end, "entered": item.entered,
            "revoked": item.revoked, "confirmed": item.confirmed}


def world_json(world):
    return {
        "period": world.period, "zone_offset_s": world.zone_offset_s,
        **({"as_of": world.as_of} if world.as_of != FOREVER else {}),
        "links": [{"reversed": (world.seed + case.link) % 2 == 0,
                   "contracts": [contract_json(one) for one in case.contracts],
                   "exclusions": [exclusion_json(one) for one in case.exclusions
                                  if reaches(one, case)],
                   "agents": {number: asdict(agent) for number, agent in case.agents.items()},
                   "rows": [row_json(slot) for slot in case.slots]} for case in world.cases]}
