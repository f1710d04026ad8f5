# SPDX-License-Identifier: Apache-2.0
"""Outages with the default rhythm, a round every 10 s: what is seen of them, and how exactly. With
--long many of them; figures: tests/bench/bench.py witness."""

import pytest

from support.outages import break_link, judge
from support.programs import LONG
from support.site import Site

ROUND_S = 10
PRINTED_S = 1  # times are printed in whole seconds, rounded down
TENS, THIRTIES = (40, 15) if LONG else (2, 1)


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path / "site", round_s=ROUND_S)
    made.lab.link.say("delay 10ms")
    yield made
    made.close()


def test_every_outage_leaves_its_evidence(site):
    site.wait_until_measured(site.good_for(25))
    outages = break_link(site, TENS, THIRTIES)
    site.wait_until_measured(site.good_for(25))
    judge(site, outages)
    short = [outage for outage in outages if outage.planned_s == 10]
    long = [outage for outage in outages if outage.planned_s == 30]
    assert all(outage.lost_round for outage in long), long
    assert sum(outage.lost_probe for outage in short) >= 0.95 * len(short), short
    for outage in long:
        assert outage.first_lost_off_s is not None, "no outage was counted"
        assert -PRINTED_S <= outage.first_lost_off_s <= ROUND_S
        assert -PRINTED_S <= outage.first_answered_off_s <= ROUND_S
