# SPDX-License-Identifier: Apache-2.0
"""Weeks that never were, from a seed: good time, faults, holes of every awkward length, power cuts,
odd slots, odd contracts and decisions. What a case says is what a router would have witnessed."""

import random

from system.independent_sla import Case, Contract, Exclusion, FOREVER, Slot, Terms

MONTH = "2026-03"
MONTH_FROM, MONTH_TO = 1772294400, 1774972800  # WITA
CAUSES = ("local", "cpe", "access", "provider", "upstream")
HOLES_S = (1, 2, 3, 30, 59, 119, 120, 121, 299, 300, 301, 900, 7200)
BAD_SLOTS = (1, 2, 4, 5, 6, 9, 30, 120)
GOOD_SLOTS = (1, 3, 4, 5, 6, 40, 300, 900)


def draw_terms(draw):
    formula = draw.choice(("prorata", "prorata-sla", "excess", "shortfall", "bands"))
    bands = ((999000, 5), (990000, 20), (950000, 100)) if formula == "bands" else ()
    return Terms(
        target_ppm=draw.choice((995000, 999000, 950000, 1000000)),
        fee=draw.choice((1200000, 987654, 3)), formula=formula, bands=bands,
        loss_threshold_pct=draw.choice((50, 20, 75)), window_s=draw.choice((300, 60, 61, 900)),
        bridge_s=draw.choice((120, 0, 300)), power=draw.choice(("unknown", "exclude")),
        uncharged=draw.choice((("local",), (), ("local", "cpe"))))


def draw_contracts(draw):
    change = MONTH_FROM + draw.randrange(86400, 20 * 86400)
    first = Contract(MONTH_FROM - 400 * 86400, FOREVER, draw_terms(draw))
    if draw.random() < 0.5:
        return [first]
    first.end = change
    return [first, Contract(change + draw.choice((0, 3600)), FOREVER, draw_terms(draw))]


class Week:
    """Writes slots one after the other, as time goes on."""

    def __init__(self, draw, begins):
        self.draw, self.at = draw, begins
        self.slots, self.power_gaps = [], []

    def write(self, count, length, lost_share, cause=""):
        for _ in range(count):
            due = length // 10
            made = max(1, due) if self.draw.random() < 0.97 else self.draw.randrange(due + 1)
            lost = made * lost_share // 6
            self.slots.append(Slot(self.at, self.at + length, due, made, lost, cause))
            self.at += length

    def episode(self):
        draw = self.draw
        kind = draw.choice(("good", "good", "bad", "bad", "mixed", "hole", "power", "short"))
        if kind == "good":
            self.write(draw.choice(GOOD_SLOTS), 60, draw.choice((0, 0, 1)))
        elif kind == "bad":
            self.write(draw.choice(BAD_SLOTS), 60, 6, draw.choice(CAUSES))
        elif kind == "mixed":
            for _ in range(draw.randrange(1, 8)):
                self.write(draw.choice((1, 2, 3)), 60, draw.randrange(7), "upstream")
        elif kind == "short":
            self.write(1, draw.randrange(1, 60), draw.choice((0, 6)), "provider")
        elif kind == "hole":
            self.at += draw.choice(HOLES_S)
        else:
            self.power_cut()

    def power_cut(self):
        if self.slots and self.slots[-1].end == self.at:
            gap = (self.at, self.at + self.draw.choice(HOLES_S))
            self.power_gaps.append(gap)
            self.at = gap[1] + self.draw.choice((0, 0, 7, 45))
            self.write(1, 60, 0)


def draw_exclusions(draw, begins, ends):
    found = []
    for _ in range(draw.randrange(5)):
        start = draw.randrange(begins, ends)
        found.append(Exclusion(draw.choice(("force-majeure", "customer", "power")), start,
                               start + draw.choice((60, 3599, 86400)), 0,
                               revoked=draw.random() < 0.2, confirmed=draw.random() < 0.5))
    return found


def week(seed, days=7):
    draw = random.Random(seed)
    begins = draw.choice((MONTH_FROM - 3600, MONTH_FROM + 86399, MONTH_TO - days * 86400 + 1800))
    one = Week(draw, begins)
    one.write(3, 60, 0)
    while one.at < begins + days * 86400:
        one.episode()
    return Case(MONTH, 28800, draw_contracts(draw), one.slots,
                draw_exclusions(draw, begins, one.at), one.power_gaps,
                as_of=draw.choice((MONTH_TO, MONTH_TO, one.at - 5000)))
