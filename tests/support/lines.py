# SPDX-License-Identifier: Apache-2.0
"""What a router witnessed, from a short text: a letter and a count of minutes, "g10 b5 p7 g3".
g good, b bad (upstream), a bad (access), l bad (no carrier); . nothing, p no power."""

from system.independent_sla import FOREVER, Case, Contract, Slot, Terms

CAUSES = {"b": "upstream", "a": "access", "l": "local"}


def line(text, at):
    """(slots, power gaps) from this second on."""
    slots, gaps = [], []
    for word in text.split():
        letter, seconds = word[0], int(word[1:]) * 60
        if letter == "p":
            gaps.append((at, at + seconds))
        elif letter != ".":
            lost = 6 if letter in CAUSES else 0
            slots += [Slot(start, start + 60, 6, 6, lost, CAUSES.get(letter, ""))
                      for start in range(at, at + seconds, 60)]
        at += seconds
    return slots, gaps


def case(text, at, period, contracts=None, **more):
    """A link in WITA; one open contract unless others are given."""
    slots, gaps = line(text, at)
    terms = Terms(target_ppm=995000, fee=1200000, formula="excess")
    contracts = contracts or [Contract(at - 400 * 86400, FOREVER, terms)]
    return Case(period, 28800, contracts, slots, power_gaps=gaps, **more)
